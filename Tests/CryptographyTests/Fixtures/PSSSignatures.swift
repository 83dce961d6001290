/// RSASSA-PSS signatures of "message" with SHA-256 by one key, as base64url, which differ in the length of the salt. Made with Python's
/// `cryptography` 48.
enum PSSSignatures {
    static let publicKeyPEM = """
        -----BEGIN PUBLIC KEY-----
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEApNFIMwB+I9ra9WpYvb8E
        SD9t5TgihTgbfss2Dfnk+gN3xVh5MSou3Y39IhYqrHvmWqPyDFJYMbhj3dNBp2S9
        4nTZWvYHNT/ttnVgAODbkAddLG9CrhOtri1HihOvU+yGdgJpXXU9P+cG3Gcmqck9
        iGk/1pIDJD3MsMRQgcCkeRuORtqXW6uGAQLQadyC3iBYaNlWh5+7/Xv7zYPXdgjx
        lFNrkJUZSHuMnwJKgGGKBf6E7DN+XMafjpBWq+fvzJduCvFa2ZpYKTIfZsI5YmVG
        +YWG0ReRnpth6QtZQDrc9Q4oBAYHQT7xgO8wmtv75wdOq47phVosZ+Vv7C8ILXtj
        TQIDAQAB
        -----END PUBLIC KEY-----
        """

    static let saltAsLongAsDigest = """
        D8vZnFIKYZKi_q1bXuaRJfuKZxh8T9pjZ6zZYUywnqvzpe9Qn_0adiOzMJvhBWQrDbNaTcoAlZ3eYeSrdgDZcPUYOGEzabONuzyXWMz3sXPa7lMG60WaxNi2\
        rKvP07q_2Sv_UZXeweV6R1LsBdL25VdQt3QmmEFyIUoMFN9XyOgYJUgvR_NBoqh0aRdOJNUjBer-817LWTGHoWVftnFsf54I7_hLLcccEbq4VG7_GZO1ko1s\
        fPQ4hcv0uA0tZCfAqJeUZuiDviXuBUT3turYA1-H6ZVXpjFFt_mxSVtP1h5sVAt8GKLLmbmdkBgLARU_XwkXjJVFJgPvZtjedBaucQ
        """

    static let shortSalt = """
        ogcAdC_vgjB-scU1NaAEN1ga5oNpGaeHXT_4-p49zo2qlL7_uPest5QJnbU-G5BxgF0r7UvNAqaVavDVbD5UrqgUhJRBPt0b4QiJTEWpKPtfpTCzhrBT4HKl\
        ONPkUaWLS6EffhRYHLkDv3NJ_zjleu5Qtzz4g1JdhHvuHkryp128lGoiRMiIGxjQ6tQWG5qMTmNuup4gQml5O6B8l1toDMjviu3-z6oWKo2yiH9amh6pwkaD\
        BVygnF4Crd2EIXlTFGrPWI5Fv3cpTXx7YvsRy0rQaE6eSliEf7ZrzgH-GFicJ0cDtCfIgiGtccYcFHp1YEexCUtDg-JcFvDM8jDn2A
        """

    static let noSalt = """
        oGL6iaTI-VKNpLE5vy9vJoRAS7sDL-lJTxjezIY70QO0XZek9uJy5KORmynXsgguTBT5hbBXHtmSyopR3ckr1W3aCXincIy7KijmX_kpVo1j-wvvkZWOZach\
        MiAbzte_EwEqI-KYe5nXNPPnwxfRK8TgdwFfHyGa3P1qJjP3KsJqKnogqPQpk7037LD69F43RH8qAkth5JfY0PneLBFpvTAbRgodsbC3J69XOHL5LjlyNQ1i\
        Q7jx-TTPZ3L1AxcrMUYrHf36m76VH-C3mwM9BAC7YAo1bQCsZAaX41vCsph1JjnH8YlBO3ovnqHhbV3YPbY05lOk4_r7WcrRNSIDJQ
        """
}
