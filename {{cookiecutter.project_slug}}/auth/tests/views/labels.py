"""What people read on the pages of the login by default."""

from typing import Final

from auth import texts

SAY: Final = texts.DEFAULTS

ACCOUNT: Final = SAY.account
CURRENT_PASSWORD: Final = SAY.current_password
CHANGE_PASSWORD: Final = SAY.change_password
DISPLAY_NAME: Final = SAY.display_name
SAVE_DISPLAY_NAME: Final = SAY.save_display_name
EMAIL: Final = SAY.email
SAVE_EMAIL: Final = SAY.save_email
END: Final = SAY.end
LOG_OUT_ELSEWHERE: Final = SAY.log_out_elsewhere
ENTER_ALL: Final = SAY.enter_all
WRONG_CURRENT_PASSWORD: Final = SAY.wrong_current_password
DIFFERENT_PASSWORDS: Final = SAY.passwords_differ
PASSWORD_CHANGED: Final = SAY.password_changed
LOGIN_ENDED: Final = SAY.session_ended
OTHERS_ENDED: Final = SAY.logged_out_elsewhere
RECENT_ACTIVITY: Final = SAY.recent_activity
USERS: Final = SAY.users
NEW_USERNAME: Final = SAY.new_username
ADD_USER: Final = SAY.add_user
INVITE: Final = SAY.invite
SEARCH: Final = SAY.search
PREVIOUS: Final = SAY.previous
NEXT: Final = SAY.next
SAVE_ROLES: Final = SAY.save_roles
DISABLE: Final = SAY.disable
ENABLE: Final = SAY.enable
UNLOCK: Final = SAY.unlock
END_SESSIONS: Final = SAY.end_sessions
RESET_PASSWORD: Final = SAY.reset_password
REMOVE: Final = SAY.remove
NO_SUCH_USER: Final = SAY.no_such_user
YES_REMOVE: Final = SAY.yes_remove
NEEDS_A_PASSWORD: Final = SAY.one_time_expired
OTHER_CHOICE: Final = SAY.another_was_chosen
OTHER_ROLES: Final = SAY.roles_were_changed
NOT_YOURSELF: Final = SAY.own_account
NOT_NOW: Final = SAY.not_now
FILTER_BY_USER: Final = SAY.filter_by_user
FILTER_BY_EVENT: Final = SAY.filter_by_event
NOTHING_YET: Final = SAY.nothing_yet
NOTHING_FOUND: Final = SAY.nothing_found
REMOVE_DEMO: Final = SAY.demo_remove
DEMO_CAN_LOG_IN: Final = SAY.demo_can.partition("{")[0]
DEMO_CANNOT_LOG_IN: Final = SAY.demo_cannot.partition("{")[0]
