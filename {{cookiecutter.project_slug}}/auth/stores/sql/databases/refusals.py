"""What servers refuse, in words that follow "The database at HOST" in the log.

Each says what is known and no more: a password that is right is not to be looked at.
"""

CERTIFICATE_AUTHORITY = (
    "shows a certificate of an authority other than DB_SSL_CA, or than the system's without one"
)
CERTIFICATE_EXPIRED = "shows a certificate that has expired"
CERTIFICATE_NAME = "shows a certificate of another name than DB_HOST"
CLOSED = "has closed the connection"
DEADLOCK = "is busy: too much is changed at once"
DISK_FULL = "cannot store more: its disk is full"
LOCKED = "is busy: a lock was not released in time"
LOCKED_OUT = "does not let the user in DB_USER log in, whatever the password"
MEMORY_FULL = "is out of memory"
NO_CONNECTION_LEFT = "has no connection left"
NO_DATABASE = "has no database of the name in DB_NAME"
NO_HOST = "cannot be reached: this machine finds no address for the name in DB_HOST"
NO_RESPONSE = "did not respond in time"
NO_RIGHT = (
    "denies its user a right. To change the tables, run `python manage.py migrate` "
    "with DB_USER and DB_PASSWORD of an account that may"
)
NO_TABLES = "has no tables yet: run `python manage.py migrate`"
NO_TLS = "offers no TLS, which DB_SSL_MODE or DB_SSL_CA asks for"
EXPIRED = "wants a new password for the user in DB_USER: theirs has expired"
READ_ONLY = "is read-only"
TLS_FAILS = "and the app do not agree on TLS: look at the versions that each takes"
TLS_ONLY = "takes connections through TLS only: set DB_SSL_MODE"
UNREACHABLE = "cannot be reached"
