/// An RSA key and a token, made with Python's `cryptography` 48: another implementation than the one under test.
enum RSAKey {
    static let jwk = #"""
        {"kty": "RSA", "use": "sig", "n": "nl7glDTO7bDIiB8U2H7Ub59zyXqSf_jW7Ef6goReYr03gozIJbqIrJUhB8RnaeV9Mc54wwndihsKduzpF8Xib\#
        T15v4rJPQLh98ySuDwmu3Q4POdjP6eSYR-wg1QNFk_hoHeyILzCw4iYhhu942OjjXl8NZc8bnpJ2fsCE36P67t3psqGZVFrYiyUJ1qesliqEiSlDvi0KwlX8\#
        5a0tD7KoyPNX_X5SpmJOa7gapP_FcYo3nAudcAn7Sub9oMUW7UZjzP3ZU4cnpRXOioF_WsbGXkbOPQ2uCM9-4K_OY1pwfjoNnZkVFZTefj2GDKaTuvHEG_ko\#
        nav44ZuAPaDTVnebw", "e": "AQAB", "alg": "RS256", "kid": "rs256"}
        """#

    static let pem = """
        -----BEGIN PUBLIC KEY-----
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnl7glDTO7bDIiB8U2H7U
        b59zyXqSf/jW7Ef6goReYr03gozIJbqIrJUhB8RnaeV9Mc54wwndihsKduzpF8Xi
        bT15v4rJPQLh98ySuDwmu3Q4POdjP6eSYR+wg1QNFk/hoHeyILzCw4iYhhu942Oj
        jXl8NZc8bnpJ2fsCE36P67t3psqGZVFrYiyUJ1qesliqEiSlDvi0KwlX85a0tD7K
        oyPNX/X5SpmJOa7gapP/FcYo3nAudcAn7Sub9oMUW7UZjzP3ZU4cnpRXOioF/Wsb
        GXkbOPQ2uCM9+4K/OY1pwfjoNnZkVFZTefj2GDKaTuvHEG/konav44ZuAPaDTVne
        bwIDAQAB
        -----END PUBLIC KEY-----
        """

    /// Signed with RS256; the user is ada, the key's id rs256, the end in the year 2100.
    static let token = #"""
        eyJhbGciOiAiUlMyNTYiLCAidHlwIjogIkpXVCIsICJraWQiOiAicnMyNTYifQ.eyJzdWIiOiAiZml4dHVyZSIsICJwcmVmZXJyZWRfdXNlcm5hbWUiOiAiY\#
        WRhIiwgImV4cCI6IDQxMDI0NDQ4MDB9.etpEvHZqoKT74wuZ-xa_EWAOG-lgPP94FC4JV-Zay5WciuB4HjtHeT2SFzF3Ow7IFASsE1h7e2Kxu_FIX-2-h1hg\#
        yqDcuv-c3On3Qag0yytFh3RpaP1cFUj741vAQVwZTk571WEZx91fb4EFh41BWisUOgpnl4x0BQGBnrbiNko1zfVBQlDZh5n99mgJUJV4erv3BQnyOmG-Q20V\#
        Aahj08ZSMxtk2hzhrRgY_UyC22crjA5yo2aqxkXIvAKM9MOUbiumLlKFhqYkZS-MZLJDLHeJ75Rkzn4bHVMG_ad4TC2t5UhLrVm5q-bESWn8v5PPDoSXiaeP\#
        GkW2UwfjKcDmCQ
        """#
}
