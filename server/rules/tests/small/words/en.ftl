intake = Intake
