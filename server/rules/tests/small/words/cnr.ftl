intake = Prijem
