"""What can be done with a ticket. One view, task or API call is one call of a function here.

submission   judge and submit a request            execution    ask for execution, execute, take steps
conversation messages, notes, questions, files     desk         assign, override, reject, withdraw
consents     the parties' decisions                delivery     post charges, send mails: what was committed and is still owed
refusals     count what was refused
"""
