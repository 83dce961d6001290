import GoldcrestCryptography
import Testing

/// Keys and tokens that Python's `cryptography` 48 made, one for each algorithm: another implementation than the one under test.
struct SignedToken: Sendable, CustomTestStringConvertible {
    let algorithm: SignatureAlgorithm
    let publicKey: String
    /// The public key as PEM; empty for a secret.
    let publicKeyPEM: String
    let token: String

    var testDescription: String { algorithm.rawValue }
}

extension SignedToken {
    static let all = [
        SignedToken(
            algorithm: .rs256,
            publicKey: #"""
                {"kty": "RSA", "use": "sig", "n": "nl7glDTO7bDIiB8U2H7Ub59zyXqSf_jW7Ef6goReYr03gozIJbqIrJUhB8RnaeV9Mc54wwndihsKduzpF8Xib\#
                T15v4rJPQLh98ySuDwmu3Q4POdjP6eSYR-wg1QNFk_hoHeyILzCw4iYhhu942OjjXl8NZc8bnpJ2fsCE36P67t3psqGZVFrYiyUJ1qesliqEiSlDvi0KwlX8\#
                5a0tD7KoyPNX_X5SpmJOa7gapP_FcYo3nAudcAn7Sub9oMUW7UZjzP3ZU4cnpRXOioF_WsbGXkbOPQ2uCM9-4K_OY1pwfjoNnZkVFZTefj2GDKaTuvHEG_ko\#
                nav44ZuAPaDTVnebw", "e": "AQAB", "alg": "RS256", "kid": "rs256"}
                """#,
            publicKeyPEM: """
                -----BEGIN PUBLIC KEY-----
                MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnl7glDTO7bDIiB8U2H7U
                b59zyXqSf/jW7Ef6goReYr03gozIJbqIrJUhB8RnaeV9Mc54wwndihsKduzpF8Xi
                bT15v4rJPQLh98ySuDwmu3Q4POdjP6eSYR+wg1QNFk/hoHeyILzCw4iYhhu942Oj
                jXl8NZc8bnpJ2fsCE36P67t3psqGZVFrYiyUJ1qesliqEiSlDvi0KwlX85a0tD7K
                oyPNX/X5SpmJOa7gapP/FcYo3nAudcAn7Sub9oMUW7UZjzP3ZU4cnpRXOioF/Wsb
                GXkbOPQ2uCM9+4K/OY1pwfjoNnZkVFZTefj2GDKaTuvHEG/konav44ZuAPaDTVne
                bwIDAQAB
                -----END PUBLIC KEY-----
                """,
            token: #"""
                eyJhbGciOiAiUlMyNTYiLCAidHlwIjogIkpXVCIsICJraWQiOiAicnMyNTYifQ.eyJzdWIiOiAiZml4dHVyZSIsICJwcmVmZXJyZWRfdXNlcm5hbWUiOiAiY\#
                WRhIiwgImV4cCI6IDQxMDI0NDQ4MDB9.etpEvHZqoKT74wuZ-xa_EWAOG-lgPP94FC4JV-Zay5WciuB4HjtHeT2SFzF3Ow7IFASsE1h7e2Kxu_FIX-2-h1hg\#
                yqDcuv-c3On3Qag0yytFh3RpaP1cFUj741vAQVwZTk571WEZx91fb4EFh41BWisUOgpnl4x0BQGBnrbiNko1zfVBQlDZh5n99mgJUJV4erv3BQnyOmG-Q20V\#
                Aahj08ZSMxtk2hzhrRgY_UyC22crjA5yo2aqxkXIvAKM9MOUbiumLlKFhqYkZS-MZLJDLHeJ75Rkzn4bHVMG_ad4TC2t5UhLrVm5q-bESWn8v5PPDoSXiaeP\#
                GkW2UwfjKcDmCQ
                """#),
        SignedToken(
            algorithm: .ps256,
            publicKey: #"""
                {"kty": "RSA", "use": "sig", "n": "nl7glDTO7bDIiB8U2H7Ub59zyXqSf_jW7Ef6goReYr03gozIJbqIrJUhB8RnaeV9Mc54wwndihsKduzpF8Xib\#
                T15v4rJPQLh98ySuDwmu3Q4POdjP6eSYR-wg1QNFk_hoHeyILzCw4iYhhu942OjjXl8NZc8bnpJ2fsCE36P67t3psqGZVFrYiyUJ1qesliqEiSlDvi0KwlX8\#
                5a0tD7KoyPNX_X5SpmJOa7gapP_FcYo3nAudcAn7Sub9oMUW7UZjzP3ZU4cnpRXOioF_WsbGXkbOPQ2uCM9-4K_OY1pwfjoNnZkVFZTefj2GDKaTuvHEG_ko\#
                nav44ZuAPaDTVnebw", "e": "AQAB", "alg": "PS256", "kid": "ps256"}
                """#,
            publicKeyPEM: """
                -----BEGIN PUBLIC KEY-----
                MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnl7glDTO7bDIiB8U2H7U
                b59zyXqSf/jW7Ef6goReYr03gozIJbqIrJUhB8RnaeV9Mc54wwndihsKduzpF8Xi
                bT15v4rJPQLh98ySuDwmu3Q4POdjP6eSYR+wg1QNFk/hoHeyILzCw4iYhhu942Oj
                jXl8NZc8bnpJ2fsCE36P67t3psqGZVFrYiyUJ1qesliqEiSlDvi0KwlX85a0tD7K
                oyPNX/X5SpmJOa7gapP/FcYo3nAudcAn7Sub9oMUW7UZjzP3ZU4cnpRXOioF/Wsb
                GXkbOPQ2uCM9+4K/OY1pwfjoNnZkVFZTefj2GDKaTuvHEG/konav44ZuAPaDTVne
                bwIDAQAB
                -----END PUBLIC KEY-----
                """,
            token: #"""
                eyJhbGciOiAiUFMyNTYiLCAidHlwIjogIkpXVCIsICJraWQiOiAicHMyNTYifQ.eyJzdWIiOiAiZml4dHVyZSIsICJwcmVmZXJyZWRfdXNlcm5hbWUiOiAiY\#
                WRhIiwgImV4cCI6IDQxMDI0NDQ4MDB9.WpwydejJTaOUGnwt_UvDx8I6H8PHLWxLYS_vkQTZgia3FxD8fG-evelGWLjm6VDa_3ffZCs31l-z31Sm9xvS7PRn\#
                atwE-XPeNKEWWstnbKSt2pSHbJba6V9KeYUo50eX5afPVBKUAMkAR5c1tBZrbpG7ub9Fxi9OmVk4K0hotMiDOG3PQYv3VNLIqamy3Q4gEs1L3vfcb-xbF-9u\#
                kHkuLgpedIvKa-AYjmfTXlhrB920a138pBZqe-e2rXxTgwnYWJuV5nskh7Q3a99dDd36GcJNnF0zwqOIqetW82fy2kNT4ePHmh6USC3EmJrP2Jp7nCpoakPZ\#
                C0YPOHv735U5Bg
                """#),
        SignedToken(
            algorithm: .es256,
            publicKey: #"""
                {"kty": "EC", "crv": "P-256", "x": "WklAVvOq4qE_rUt8jcP2_bgwyv9U2Smqb-jcbSPiSSA", "y": "F9MiOK4PYEjdlghcHoFF5F7E3UViABjL\#
                f3oLx1J9UIA", "alg": "ES256", "kid": "es256"}
                """#,
            publicKeyPEM: """
                -----BEGIN PUBLIC KEY-----
                MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEWklAVvOq4qE/rUt8jcP2/bgwyv9U
                2Smqb+jcbSPiSSAX0yI4rg9gSN2WCFwegUXkXsTdRWIAGMt/egvHUn1QgA==
                -----END PUBLIC KEY-----
                """,
            token: #"""
                eyJhbGciOiAiRVMyNTYiLCAidHlwIjogIkpXVCIsICJraWQiOiAiZXMyNTYifQ.eyJzdWIiOiAiZml4dHVyZSIsICJwcmVmZXJyZWRfdXNlcm5hbWUiOiAiY\#
                WRhIiwgImV4cCI6IDQxMDI0NDQ4MDB9.4ulJb_3WCAK6wGMV2c_v8sQHUHT9ZdHvFMWws3VyjFTN8We3pBqIjdjMWJF8TKpeWRDHEJ8Rr6wjlHX1JAKMhw
                """#),
        SignedToken(
            algorithm: .rs384,
            publicKey: #"""
                {"kty": "RSA", "use": "sig", "n": "nl7glDTO7bDIiB8U2H7Ub59zyXqSf_jW7Ef6goReYr03gozIJbqIrJUhB8RnaeV9Mc54wwndihsKduzpF8Xib\#
                T15v4rJPQLh98ySuDwmu3Q4POdjP6eSYR-wg1QNFk_hoHeyILzCw4iYhhu942OjjXl8NZc8bnpJ2fsCE36P67t3psqGZVFrYiyUJ1qesliqEiSlDvi0KwlX8\#
                5a0tD7KoyPNX_X5SpmJOa7gapP_FcYo3nAudcAn7Sub9oMUW7UZjzP3ZU4cnpRXOioF_WsbGXkbOPQ2uCM9-4K_OY1pwfjoNnZkVFZTefj2GDKaTuvHEG_ko\#
                nav44ZuAPaDTVnebw", "e": "AQAB", "alg": "RS384", "kid": "rs384"}
                """#,
            publicKeyPEM: """
                -----BEGIN PUBLIC KEY-----
                MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnl7glDTO7bDIiB8U2H7U
                b59zyXqSf/jW7Ef6goReYr03gozIJbqIrJUhB8RnaeV9Mc54wwndihsKduzpF8Xi
                bT15v4rJPQLh98ySuDwmu3Q4POdjP6eSYR+wg1QNFk/hoHeyILzCw4iYhhu942Oj
                jXl8NZc8bnpJ2fsCE36P67t3psqGZVFrYiyUJ1qesliqEiSlDvi0KwlX85a0tD7K
                oyPNX/X5SpmJOa7gapP/FcYo3nAudcAn7Sub9oMUW7UZjzP3ZU4cnpRXOioF/Wsb
                GXkbOPQ2uCM9+4K/OY1pwfjoNnZkVFZTefj2GDKaTuvHEG/konav44ZuAPaDTVne
                bwIDAQAB
                -----END PUBLIC KEY-----
                """,
            token: #"""
                eyJhbGciOiAiUlMzODQiLCAidHlwIjogIkpXVCIsICJraWQiOiAicnMzODQifQ.eyJzdWIiOiAiZml4dHVyZSIsICJwcmVmZXJyZWRfdXNlcm5hbWUiOiAiY\#
                WRhIiwgImV4cCI6IDQxMDI0NDQ4MDB9.C0RRc3cQ_pkM-top1nquT0x22hSBl1hsy0EwaAxQx4b5RZUU5j8GdloI5MyjzAcIJIZHpkwmjtE2tTCRGi-sA8UT\#
                U3JnwcB50mOLlbAQd_wDW_8-ykCmKPRQ5jmO1D1c2xMOGaoD8J0wKwreGS4kyAkQCYGl9QDCiax5A4T7Ehx8DCQH30HGH1V8NEzIlzVNVY1gbq8pXAMvuXDD\#
                wPShS5VSu1LBM2xMefzzCthYaf5ykyMlECTw4--38h7SYyQMHv-PYpvXM05Gowa0z4q3f996qVKKTEswiQ25B8dcK45OPxXhtSeiLssxrFV0oXQLCe59bvJa\#
                YBbMulDj9iDQqQ
                """#),
        SignedToken(
            algorithm: .ps384,
            publicKey: #"""
                {"kty": "RSA", "use": "sig", "n": "nl7glDTO7bDIiB8U2H7Ub59zyXqSf_jW7Ef6goReYr03gozIJbqIrJUhB8RnaeV9Mc54wwndihsKduzpF8Xib\#
                T15v4rJPQLh98ySuDwmu3Q4POdjP6eSYR-wg1QNFk_hoHeyILzCw4iYhhu942OjjXl8NZc8bnpJ2fsCE36P67t3psqGZVFrYiyUJ1qesliqEiSlDvi0KwlX8\#
                5a0tD7KoyPNX_X5SpmJOa7gapP_FcYo3nAudcAn7Sub9oMUW7UZjzP3ZU4cnpRXOioF_WsbGXkbOPQ2uCM9-4K_OY1pwfjoNnZkVFZTefj2GDKaTuvHEG_ko\#
                nav44ZuAPaDTVnebw", "e": "AQAB", "alg": "PS384", "kid": "ps384"}
                """#,
            publicKeyPEM: """
                -----BEGIN PUBLIC KEY-----
                MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnl7glDTO7bDIiB8U2H7U
                b59zyXqSf/jW7Ef6goReYr03gozIJbqIrJUhB8RnaeV9Mc54wwndihsKduzpF8Xi
                bT15v4rJPQLh98ySuDwmu3Q4POdjP6eSYR+wg1QNFk/hoHeyILzCw4iYhhu942Oj
                jXl8NZc8bnpJ2fsCE36P67t3psqGZVFrYiyUJ1qesliqEiSlDvi0KwlX85a0tD7K
                oyPNX/X5SpmJOa7gapP/FcYo3nAudcAn7Sub9oMUW7UZjzP3ZU4cnpRXOioF/Wsb
                GXkbOPQ2uCM9+4K/OY1pwfjoNnZkVFZTefj2GDKaTuvHEG/konav44ZuAPaDTVne
                bwIDAQAB
                -----END PUBLIC KEY-----
                """,
            token: #"""
                eyJhbGciOiAiUFMzODQiLCAidHlwIjogIkpXVCIsICJraWQiOiAicHMzODQifQ.eyJzdWIiOiAiZml4dHVyZSIsICJwcmVmZXJyZWRfdXNlcm5hbWUiOiAiY\#
                WRhIiwgImV4cCI6IDQxMDI0NDQ4MDB9.YPu42-8nfkJr6XTTtriSWY8y4kKuXtdqCUhH8VYd1Ej7b17x05FqmnXhz0WSA0-iYl4ShE52BYi4NL6jxuVfDvOj\#
                i_74SlPK6nfrvwGJiac7t-gjCGUkuvmdRn9bhC_5B1Bu9BGqsU9OkLvyi6bdtEc_-1mKL2tHcM7wl3Ax-hW2GsUjQSqc9Hs5HPMjUommy-mFnhZE6Yf44ep9\#
                nqXMwVBxyumjzRrFqsVoqqUAp9gV75SMncfVT1qAq2L24dRTLFPdWg567xLO3Q8kRfQccjHZtAvZ5E4oGOQ0gCbWI5b6PZ-K5e960QjNGqJAEGf3MsahvKqY\#
                KAMJMwgDecAyIw
                """#),
        SignedToken(
            algorithm: .es384,
            publicKey: #"""
                {"kty": "EC", "crv": "P-384", "x": "w6wxKOADkMmhMqu88mvNY1ljDoFOxryjog01xW0LgxhoNqr7KrtMevxSt-cEiM5M", "y": "ZAInFaKGUL3\#
                Y2KvFZKfAl3JD30t0XMDx3j4MXICi-O3CI2ZBLz8CN9-TatKpIZVI", "alg": "ES384", "kid": "es384"}
                """#,
            publicKeyPEM: """
                -----BEGIN PUBLIC KEY-----
                MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEw6wxKOADkMmhMqu88mvNY1ljDoFOxryj
                og01xW0LgxhoNqr7KrtMevxSt+cEiM5MZAInFaKGUL3Y2KvFZKfAl3JD30t0XMDx
                3j4MXICi+O3CI2ZBLz8CN9+TatKpIZVI
                -----END PUBLIC KEY-----
                """,
            token: #"""
                eyJhbGciOiAiRVMzODQiLCAidHlwIjogIkpXVCIsICJraWQiOiAiZXMzODQifQ.eyJzdWIiOiAiZml4dHVyZSIsICJwcmVmZXJyZWRfdXNlcm5hbWUiOiAiY\#
                WRhIiwgImV4cCI6IDQxMDI0NDQ4MDB9.-h1fwRMnBAfQir1C7Ru3hwDo_vbiVjXiv7xUkEhcdI_6ARr4Yo7jENN_S2m4c56HyxR8oGw3EEXRHDUCRTvzCGv8\#
                Ts70ghm6WtDwwPrfDvLshbnjrT6uZmOTnTFIsckY
                """#),
        SignedToken(
            algorithm: .rs512,
            publicKey: #"""
                {"kty": "RSA", "use": "sig", "n": "nl7glDTO7bDIiB8U2H7Ub59zyXqSf_jW7Ef6goReYr03gozIJbqIrJUhB8RnaeV9Mc54wwndihsKduzpF8Xib\#
                T15v4rJPQLh98ySuDwmu3Q4POdjP6eSYR-wg1QNFk_hoHeyILzCw4iYhhu942OjjXl8NZc8bnpJ2fsCE36P67t3psqGZVFrYiyUJ1qesliqEiSlDvi0KwlX8\#
                5a0tD7KoyPNX_X5SpmJOa7gapP_FcYo3nAudcAn7Sub9oMUW7UZjzP3ZU4cnpRXOioF_WsbGXkbOPQ2uCM9-4K_OY1pwfjoNnZkVFZTefj2GDKaTuvHEG_ko\#
                nav44ZuAPaDTVnebw", "e": "AQAB", "alg": "RS512", "kid": "rs512"}
                """#,
            publicKeyPEM: """
                -----BEGIN PUBLIC KEY-----
                MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnl7glDTO7bDIiB8U2H7U
                b59zyXqSf/jW7Ef6goReYr03gozIJbqIrJUhB8RnaeV9Mc54wwndihsKduzpF8Xi
                bT15v4rJPQLh98ySuDwmu3Q4POdjP6eSYR+wg1QNFk/hoHeyILzCw4iYhhu942Oj
                jXl8NZc8bnpJ2fsCE36P67t3psqGZVFrYiyUJ1qesliqEiSlDvi0KwlX85a0tD7K
                oyPNX/X5SpmJOa7gapP/FcYo3nAudcAn7Sub9oMUW7UZjzP3ZU4cnpRXOioF/Wsb
                GXkbOPQ2uCM9+4K/OY1pwfjoNnZkVFZTefj2GDKaTuvHEG/konav44ZuAPaDTVne
                bwIDAQAB
                -----END PUBLIC KEY-----
                """,
            token: #"""
                eyJhbGciOiAiUlM1MTIiLCAidHlwIjogIkpXVCIsICJraWQiOiAicnM1MTIifQ.eyJzdWIiOiAiZml4dHVyZSIsICJwcmVmZXJyZWRfdXNlcm5hbWUiOiAiY\#
                WRhIiwgImV4cCI6IDQxMDI0NDQ4MDB9.CMn3TAOqhL1Hbg4P4IcVay8dq92vGGIeTf_g8AywHPJuQeRNMlZzzftqipAsoedye4UHLYaMKQIXNSS4NqbCazM5\#
                LBlQ_mddaTVdVS17rha6R5hBzYuwUcDNkP1rjBr9RYx5GSasILkz6tfDMlebaemlwVemfsO4iRDwgHHeNhOyMpqrK2wRsthQ9LkZRj2lh_FGi8aLxk1d8uTy\#
                bnTl80GDF-CRHFM5jJtQQ56U-yqh2z-AzG2_6OEZiA9QbrUdpxoOpum2-4iiqFlm-Zx7tGx3RHkockXLylCI6Kd7K4oAAzIKpiJfR6FLC5gsBUUeIGUmHOq3\#
                NaxH_LO7bk-2KA
                """#),
        SignedToken(
            algorithm: .ps512,
            publicKey: #"""
                {"kty": "RSA", "use": "sig", "n": "nl7glDTO7bDIiB8U2H7Ub59zyXqSf_jW7Ef6goReYr03gozIJbqIrJUhB8RnaeV9Mc54wwndihsKduzpF8Xib\#
                T15v4rJPQLh98ySuDwmu3Q4POdjP6eSYR-wg1QNFk_hoHeyILzCw4iYhhu942OjjXl8NZc8bnpJ2fsCE36P67t3psqGZVFrYiyUJ1qesliqEiSlDvi0KwlX8\#
                5a0tD7KoyPNX_X5SpmJOa7gapP_FcYo3nAudcAn7Sub9oMUW7UZjzP3ZU4cnpRXOioF_WsbGXkbOPQ2uCM9-4K_OY1pwfjoNnZkVFZTefj2GDKaTuvHEG_ko\#
                nav44ZuAPaDTVnebw", "e": "AQAB", "alg": "PS512", "kid": "ps512"}
                """#,
            publicKeyPEM: """
                -----BEGIN PUBLIC KEY-----
                MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAnl7glDTO7bDIiB8U2H7U
                b59zyXqSf/jW7Ef6goReYr03gozIJbqIrJUhB8RnaeV9Mc54wwndihsKduzpF8Xi
                bT15v4rJPQLh98ySuDwmu3Q4POdjP6eSYR+wg1QNFk/hoHeyILzCw4iYhhu942Oj
                jXl8NZc8bnpJ2fsCE36P67t3psqGZVFrYiyUJ1qesliqEiSlDvi0KwlX85a0tD7K
                oyPNX/X5SpmJOa7gapP/FcYo3nAudcAn7Sub9oMUW7UZjzP3ZU4cnpRXOioF/Wsb
                GXkbOPQ2uCM9+4K/OY1pwfjoNnZkVFZTefj2GDKaTuvHEG/konav44ZuAPaDTVne
                bwIDAQAB
                -----END PUBLIC KEY-----
                """,
            token: #"""
                eyJhbGciOiAiUFM1MTIiLCAidHlwIjogIkpXVCIsICJraWQiOiAicHM1MTIifQ.eyJzdWIiOiAiZml4dHVyZSIsICJwcmVmZXJyZWRfdXNlcm5hbWUiOiAiY\#
                WRhIiwgImV4cCI6IDQxMDI0NDQ4MDB9.V6yVEv2EGm7jTxt9Z14DPDYp54S7UalLh398U8QceJbQbVxEEB1-0lcN1t3fwh0o59RrS3VGFjh4ssERieAc9rG-\#
                tKxZs-w561z1x_5YUS-mSnMOvyBeqwrOdvMKTLsFCTTA-UmSUsO7pbVT6eLNCqCEeHQyzp3WJpXSi4YlzHv68L5Fgd4FuI9awgnAyh-LZqwR1AD1qemIQBAk\#
                19nlXF2qE-xdVjBCPWzJVFlDVWGzZ8-y37MIFG_Y0r3nNj8wDYFZZ5GWWbBcmvy0b5H4WbMX7-n2fweX_S6TiF2O7gEpgLA84zXrFHNXMHzBGE8jwg8cV7ek\#
                PhKOf99YStU5Qw
                """#),
        SignedToken(
            algorithm: .es512,
            publicKey: #"""
                {"kty": "EC", "crv": "P-521", "x": "AOkw_BcyNTkLlHG2Fi9rUtSoeDGJJcGwikTCUMgOGGa9ZkpPAdhnvSYtfbNGUQ2GnABEDsHCHjsXYFe-LyHl\#
                A02T", "y": "AfA_zxDW1H8oK-21ARSkAwsLD6TKkXaqWl9LZqqdBjWHg6qZynr50pYCaYqOnZCdovkhWNvodVqKnyMDS1lHe03a", "alg": "ES512", \#
                "kid": "es512"}
                """#,
            publicKeyPEM: """
                -----BEGIN PUBLIC KEY-----
                MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQA6TD8FzI1OQuUcbYWL2tS1Kh4MYkl
                wbCKRMJQyA4YZr1mSk8B2Ge9Ji19s0ZRDYacAEQOwcIeOxdgV74vIeUDTZMB8D/P
                ENbUfygr7bUBFKQDCwsPpMqRdqpaX0tmqp0GNYeDqpnKevnSlgJpio6dkJ2i+SFY
                2+h1WoqfIwNLWUd7Tdo=
                -----END PUBLIC KEY-----
                """,
            token: #"""
                eyJhbGciOiAiRVM1MTIiLCAidHlwIjogIkpXVCIsICJraWQiOiAiZXM1MTIifQ.eyJzdWIiOiAiZml4dHVyZSIsICJwcmVmZXJyZWRfdXNlcm5hbWUiOiAiY\#
                WRhIiwgImV4cCI6IDQxMDI0NDQ4MDB9.AOJRuSPRTv6OgA3TyrCWjagBF7QPdXJwXYIVJeCtNKUlaaQiMb_du_Mupx7KQprCUO-zkLGumU_ukvEqS3O3bHln\#
                AA1ce6cJs215h-VL7blOSzMZgEpbhDBbtWDmPXsm19Gpc9wGnpRNIOxPvQbl_VchJf_UfRzZZn9Oni3oTt08a0cM
                """#),
        SignedToken(
            algorithm: .edDSA,
            publicKey: #"""
                {"kty": "OKP", "crv": "Ed25519", "x": "NwDGxzypqGBMyYebdO8csveN6JBxm5I_nzYI3zbhGnk", "alg": "EdDSA", "kid": "eddsa"}
                """#,
            publicKeyPEM: """
                -----BEGIN PUBLIC KEY-----
                MCowBQYDK2VwAyEANwDGxzypqGBMyYebdO8csveN6JBxm5I/nzYI3zbhGnk=
                -----END PUBLIC KEY-----
                """,
            token: #"""
                eyJhbGciOiAiRWREU0EiLCAidHlwIjogIkpXVCIsICJraWQiOiAiZWRkc2EifQ.eyJzdWIiOiAiZml4dHVyZSIsICJwcmVmZXJyZWRfdXNlcm5hbWUiOiAiY\#
                WRhIiwgImV4cCI6IDQxMDI0NDQ4MDB9.974Vhzu_NkfTDrNn0CHQegw_Js2OvMaN3mHys6ebbfAuEZK2u-EW8bHZ-aC2G2JkliIt0JU1Gwrd84w4PiSrDA
                """#),
        SignedToken(
            algorithm: .hs256,
            publicKey: #"""
                {"kty": "oct", "k": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "alg": "HS256", "kid": "hs256"}
                """#,
            publicKeyPEM: """
                """,
            token: #"""
                eyJhbGciOiAiSFMyNTYiLCAidHlwIjogIkpXVCIsICJraWQiOiAiaHMyNTYifQ.eyJzdWIiOiAiZml4dHVyZSIsICJwcmVmZXJyZWRfdXNlcm5hbWUiOiAiY\#
                WRhIiwgImV4cCI6IDQxMDI0NDQ4MDB9.GkQaO8nJ5PkZLMBExtSo9ebTvXMlzEYCRPWv4E1pqz0
                """#),
        SignedToken(
            algorithm: .hs384,
            publicKey: #"""
                {"kty": "oct", "k": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v", "alg": "HS384", "kid": "hs384"}
                """#,
            publicKeyPEM: """
                """,
            token: #"""
                eyJhbGciOiAiSFMzODQiLCAidHlwIjogIkpXVCIsICJraWQiOiAiaHMzODQifQ.eyJzdWIiOiAiZml4dHVyZSIsICJwcmVmZXJyZWRfdXNlcm5hbWUiOiAiY\#
                WRhIiwgImV4cCI6IDQxMDI0NDQ4MDB9.yaOsT75bkwLVlJPSRJxySotLEMFto_3WBclj0SMJmkuDWVsnVs0JW6qVHqyoFa95
                """#),
        SignedToken(
            algorithm: .hs512,
            publicKey: #"""
                {"kty": "oct", "k": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0-Pw", "alg": "HS\#
                512", "kid": "hs512"}
                """#,
            publicKeyPEM: """
                """,
            token: #"""
                eyJhbGciOiAiSFM1MTIiLCAidHlwIjogIkpXVCIsICJraWQiOiAiaHM1MTIifQ.eyJzdWIiOiAiZml4dHVyZSIsICJwcmVmZXJyZWRfdXNlcm5hbWUiOiAiY\#
                WRhIiwgImV4cCI6IDQxMDI0NDQ4MDB9.3PEGJbyTcwIokqabU93KcTQkVsgNf1A8QKl5Lu2DxYEg7DWlI_pGqC7JSDhtuC7DXSZUV2Rz-DZhUpRe6By-Iw
                """#),
    ]
}

enum UnusableKeys {
    /// RSA with 1024 bits.
    static let weakRSA = #"""
        {"kty": "RSA", "kid": "weak", "n": "3vokni_x3D2gnkB1iNeVcoULLrCGfePuumd5S2qDYR-fMuv6D-NCL6N3G5OHuxt4ZSBvXb1rzLysfnmQfcOD\#
        ioj6qg9nkwifgHjsMyx4IFkUzrpUhVzaDrKXLfQNfZ4zPnr7608-cHj2hai1RyYgWaIPRXhtEQL7VfD54Y7AiLs", "e": "AQAB"}
        """#
    static let weakRSAPEM = """
        -----BEGIN PUBLIC KEY-----
        MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDe+iSeL/HcPaCeQHWI15VyhQsu
        sIZ94+66Z3lLaoNhH58y6/oP40Ivo3cbk4e7G3hlIG9dvWvMvKx+eZB9w4OKiPqq
        D2eTCJ+AeOwzLHggWRTOulSFXNoOspct9A19njM+evvrTz5wePaFqLVHJiBZog9F
        eG0RAvtV8PnhjsCIuwIDAQAB
        -----END PUBLIC KEY-----
        """
}
