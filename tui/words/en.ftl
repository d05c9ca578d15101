# The words of the screens in English.

yes = yes
no = no
rows-none = none
rows-count = { $n ->
    [one] { $n } row
   *[other] { $n } rows
}

## Errors at fields: what is not right and what is expected
error-required = please fill in
error-date = type a day, e.g. 15.06.1990, 1506, t (today), +3, -1m
error-no-such-day = the calendar has no such day
error-year = the year must be between 1850 and 2200
error-future = the day cannot lie in the future
error-number = type a number, e.g. 152.88
error-number-key = digits, a point and + - * / go here
error-number-large = the number is too large
error-places = at most { $places } decimal places
error-zero = nothing can be divided by zero
error-range = a number from { $min } to { $max }
error-digits = { $length } digits are needed
error-digits-only = only digits go here
error-check-digit = the check digit does not fit: look at the number again
error-jmbg-date = the first seven digits are no birth date
error-full = at most { $max } characters
error-bool-key = press y (yes) or n (no)
error-rows-key = F4 opens the table, 0 says there is none
error-choice = not on the list: F4 opens it
error-choices = several fit: F4 opens the list
error-no-list = this field has no list
error-no-dup = this answer is not repeated
error-nothing-to-repeat = no earlier answer to repeat
error-nothing-to-undo = nothing to take back
error-fixed = this field is not changed here
