"""Password hashes that other programs have made, at the least cost."""

from typing import Final

PASSWORD: Final = "cr\xe8me br\xfbl\xe9e"

HASHES: Final = {  # each by whoever made it
    "streamlit-authenticator": "$2b$04$iUG6HB/DPIU.x0utTP82g.LMk.A0ToOVj0BPb2dM103YEE6RZjl.e",
    "Flask-Bcrypt, before 2014": "$2a$04$05Dox1AqJ2CHuZDQuRrIpe7uIBoGwzOPB5DvNIHXJ8ilbwA9oJKrm",
    "Laravel": "$2y$04$FWs.4Mz04f69mIFwiBeFqOragdniaXt2QJrtJcycAis.hQbLYaSAC",
    "Werkzeug, scrypt": (
        "scrypt:1024:8:1$zvohPiEinxpYllNk$ac27239984d09171639fa120da2cc3df6eb1f9f297bf9a1df68d8b4c4fd37a84e0fdadf30c32b1133793236a6bff01af61801e164b24e867cd5180ec1e6510a6"
    ),
    "Werkzeug, PBKDF2 of SHA-256": (
        "pbkdf2:sha256:1000$dC3kTGlzdAsBI4mF$7d93d56769fc959e487e2874eb3569b5b6f0b622119ef56b0e03de5bdc2cd545"
    ),
    "Werkzeug, PBKDF2 of SHA-512": (
        "pbkdf2:sha512:1000$6CWPd5jTJpZ5drPr$d7f9ec7d1b1eb49984ed02dd9d46f660ed937fd714e6bc186848435b27d21bf01fc46e5cf42a7e23f079a265059032d2badf0a8713d200ffd8581539356079e0"
    ),
    "Werkzeug, PBKDF2 of SHA-1": (
        "pbkdf2:sha1:1000$sdbmkdccy9YFmeXP$49d46199c7cf1bca3da0a92f34e5023d4b050fb4"
    ),
    "Django, PBKDF2": (
        "pbkdf2_sha256$1000$DnA4gwv6w3MV2errOPK091$W6TgYoMOBT630l1dtKus+MDI/n9v2Tb+or6C0uatQWo="
    ),
    "Django, PBKDF2 of SHA-1": (
        "pbkdf2_sha1$1000$SuzvhfqHieKUflxOMSMopJ$93fYWjGhM/3LKF3kyhmCaSqETZI="
    ),
    "Django, scrypt": (
        "scrypt$1024$FKcYDb4uLPUnSryqNm8APc$8$5$lkwLswKlIdiLzAht9eJXyC8zCvzRscjM4q40AhyFm9j8YZojoaqQcXArYuSMZQD5KRrO4EuxsTw1x4WZAdPAuQ=="
    ),
    "Django, argon2": (
        "argon2$argon2id$v=19$m=64,t=1,p=2$S3liaDhSeUUwWHU5RHJ1cVQwVzJ4MQ$YgFqlesR9UTAihdy/ilH7QI3fzKv1opUGbjpf55z9pY"
    ),
    "Django, bcrypt of SHA-256": (
        "bcrypt_sha256$$2b$04$KjMXiTN6blKa7YxqTMshCuWGnxjcwq/uVf0YvQ3M7IHjqfkSUNzVi"
    ),
    "Django, bcrypt": "bcrypt$$2b$04$fjP819TLJNfBsrrbGZ8sn.HhO9Ot.LSsqjGWPD5UHguR3u78EleqO",
    "passlib, PBKDF2 of SHA-256": (
        "$pbkdf2-sha256$1000$3BujNGas9X5P6Z1zzvmfEw$Uk/ZuneFl7It2p/FqKMXOi01ndZ78U0yuQpCjHm7JRU"
    ),
    "passlib, PBKDF2 of SHA-512": (
        "$pbkdf2-sha512$1000$ytlbizHG.P8fI8R47703Jg$6hGeFOcrqVo7tz/lFW9d00AZMXNLQxOZEL0l2WKvfdTNYtnfqtWgovpWlPVDIb8aqm56mfg3OLzDmCGZs/94Jw"
    ),
    "passlib, PBKDF2 of SHA-1": ("$pbkdf2$1000$NOacEyIkhJAS4rwXghDiPA$k2.o.dRDhZtQ56g/7xVgUf1dKvE"),
    "passlib, scrypt": (
        "$scrypt$ln=8,r=8,p=1$uNeaU2oNQQjhnBNCyPm/dw$O7gdHx5wdByK24yKXkztvtdslKqnLAXGhJ9vi8ZQTb0"
    ),
    "passlib, bcrypt of SHA-256": (
        "$bcrypt-sha256$v=2,t=2b,r=4$AjUeeuDXeP2m7J8Ej90bw.$SXh2G0HoVeeT6pYdLvSA8PfA1vQR9vm"
    ),
    "argon2-cffi, argon2i": (
        "$argon2i$v=19$m=64,t=1,p=1$tTYm5BxDCMG4NwYgpNRaqw$3WOmd8xDWEDjx0EyqPTTMzI9DX0LoWLoxG7195S0ocY"
    ),
}
# Of the first 72 bytes of a longer password.
OF_LONG: Final = "$2b$04$K8m8alRLlu0BunrXE72CJeKK/Dgh6BmhTWx3.zEfIIANqkZNZ4aoi"
REFUSED: Final = {
    "a password": "let me in",
    "MD5": "5f4dcc3b5aa765d61d8327deb882cf99",
    "Django, MD5": "md5$seasalt$583ae0aacb15d56069d5ed2a20f6c363",
    "Werkzeug, SHA-256 once": "sha256$seasalt$" + "0" * 64,
    "Werkzeug, PBKDF2 of unknown rounds": "pbkdf2:sha256$seasalt$" + "0" * 64,
    "Werkzeug, scrypt of impossible costs": "scrypt:1000:8:1$seasalt$" + "0" * 128,
    "crypt, SHA-512": "$6$rounds=5000$seasalt$" + "0" * 86,
    "bcrypt with the bug of 2011": "$2x$04$" + "a" * 53,
    "bcrypt, cut short": "$2b$12$" + "a" * 30,
    "Django, PBKDF2, cut short": "pbkdf2_sha256$1000$seasalt$c2hvcnQ=",
    "Django, PBKDF2, no base64": "pbkdf2_sha256$1000$seasalt$a",
    "argon2, cut short": "$argon2id$v=19$m=64,t=1,p=1$c2Vhc2FsdA",
    "of a salt that no table has room for": "scrypt:1024:8:1$" + "s" * 200 + "$" + "0" * 128,
}
_SALT_AND_DIGEST = "c2Vhc2FsdHNlYXNhbHQ$" + "A" * 43
TOO_COSTLY: Final = {
    "bcrypt": "$2b$31$" + "a" * 21 + "u" + "a" * 31,
    "bcrypt of SHA-256": "bcrypt_sha256$$2b$15$" + "a" * 21 + "u" + "a" * 31,
    "scrypt": f"$scrypt$ln=30,r=8,p=1${_SALT_AND_DIGEST}",
    "scrypt, many at once": f"$scrypt$ln=14,r=8,p=100${_SALT_AND_DIGEST}",
    "Werkzeug, scrypt": f"scrypt:{2**30}:8:1$seasalt$" + "0" * 128,
    "PBKDF2": "pbkdf2_sha256$1000000000$seasalt$" + "A" * 43 + "=",
    "argon2, memory": f"$argon2id$v=19$m=4194304,t=1,p=1${_SALT_AND_DIGEST}",
    "argon2, passes": f"$argon2id$v=19$m=65536,t=1000,p=1${_SALT_AND_DIGEST}",
    "argon2, lanes": f"$argon2id$v=19$m=65536,t=1,p=1000${_SALT_AND_DIGEST}",
}
