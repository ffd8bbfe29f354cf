"""What people read on the screen by default."""

from typing import Final

from auth import texts

SAY: Final = texts.DEFAULTS

USERNAME: Final = SAY.username
PASSWORD: Final = SAY.password
LOG_IN: Final = SAY.log_in
LOG_OUT: Final = SAY.log_out
BACK: Final = SAY.back
TRY_AGAIN: Final = SAY.try_again
SIGNED_IN_AS: Final = SAY.signed_in_as.format(name="")
CONTINUE: Final = SAY.continue_
CHOOSE_A_PASSWORD: Final = SAY.choose_password
NEW_PASSWORD: Final = SAY.new_password
REPEAT_NEW_PASSWORD: Final = SAY.repeat_new_password
SAVE: Final = SAY.save
DIFFERENT_PASSWORDS: Final = SAY.passwords_differ
WELCOME: Final = SAY.welcome
INVITATION_CODE: Final = SAY.invitation_code
INVITATION_MISSING: Final = SAY.invitation_missing
INVITATION_REFUSED: Final = SAY.invitation_refused
GIVEN_PASSWORD: Final = SAY.given_password
WRONG_PASSWORD: Final = SAY.wrong_login
EMPTY: Final = f":red[{SAY.enter_both.replace('.', chr(92) + '.')}]"
TOO_MANY_FAILURES: Final = SAY.too_many_failures.partition("{")[0]
NO_ACCESS: Final = SAY.no_access
WRONG_PASSWORD_AGAIN: Final = SAY.wrong_password
IDLE: Final = SAY.was_idle.partition("{")[0]
ENDED: Final = SAY.login_ended
OUTAGE: Final = SAY.outage
UNCHECKED: Final = SAY.unchecked
NOT_SAVED: Final = SAY.not_saved
NOT_KEPT: Final = SAY.not_kept
