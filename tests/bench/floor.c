/* SPDX-License-Identifier: MIT
 * The least that a renewal can ask of a token: find the old certificate and key, make a key pair, sign twice,
 * write a certificate. 22 calls, no TLS, no journal, no checks. What the whole of koshin is measured against.
 * Usage: koshin-bench-floor MODULE ec|rsa <PIN */
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST(call)                                               \
  do {                                                           \
    const CK_RV rv_ = (call);                                    \
    if (rv_ != CKR_OK) {                                         \
      fprintf(stderr, "%s: 0x%lx\n", #call, (unsigned long)rv_); \
      exit(1);                                                   \
    }                                                            \
  } while (0)

static CK_FUNCTION_LIST* token;
static CK_SESSION_HANDLE session;
static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;

static CK_OBJECT_HANDLE find(CK_OBJECT_CLASS class) {
  CK_ATTRIBUTE wanted = {CKA_CLASS, &class, sizeof class};
  CK_OBJECT_HANDLE found = 0;
  CK_ULONG count = 0;
  MUST(token->C_FindObjectsInit(session, &wanted, 1));
  MUST(token->C_FindObjects(session, &found, 1, &count));
  MUST(token->C_FindObjectsFinal(session));
  if (count != 1) {
    fputs("the token does not hold what was expected\n", stderr);
    exit(1);
  }
  return found;
}

static CK_OBJECT_HANDLE generate(int rsa, CK_BYTE* id, CK_ULONG id_size) {
  static CK_BYTE p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
  static CK_BYTE exponent[] = {1, 0, 1};
  CK_ULONG bits = 2048;
  CK_MECHANISM mechanism = {rsa ? CKM_RSA_PKCS_KEY_PAIR_GEN : CKM_EC_KEY_PAIR_GEN, NULL, 0};
  CK_ATTRIBUTE public_template[] = {{CKA_TOKEN, &yes, sizeof yes},
                                    {CKA_VERIFY, &yes, sizeof yes},
                                    {CKA_ID, id, id_size},
                                    {CKA_EC_PARAMS, p256, sizeof p256},
                                    {CKA_PUBLIC_EXPONENT, exponent, sizeof exponent}};
  CK_ULONG public_count = 4;
  if (rsa) {
    public_template[3] = (CK_ATTRIBUTE){CKA_MODULUS_BITS, &bits, sizeof bits};
    public_count = 5;
  }
  CK_ATTRIBUTE private_template[] = {{CKA_TOKEN, &yes, sizeof yes},     {CKA_PRIVATE, &yes, sizeof yes},
                                     {CKA_SENSITIVE, &yes, sizeof yes}, {CKA_EXTRACTABLE, &no, sizeof no},
                                     {CKA_SIGN, &yes, sizeof yes},      {CKA_ID, id, id_size}};
  CK_OBJECT_HANDLE public_key = 0, private_key = 0;
  MUST(token->C_GenerateKeyPair(session, &mechanism, public_template, public_count, private_template, 6,
                                &public_key, &private_key));
  CK_BYTE buffer[512];
  CK_ATTRIBUTE read = {rsa ? CKA_MODULUS : CKA_EC_POINT, buffer, sizeof buffer};
  MUST(token->C_GetAttributeValue(session, public_key, &read, 1));
  return private_key;
}

static void sign(CK_OBJECT_HANDLE key, int rsa) {
  CK_MECHANISM mechanism = {rsa ? CKM_SHA256_RSA_PKCS : CKM_ECDSA, NULL, 0};
  CK_BYTE digest[32] = {1, 2, 3}, signature[512];
  CK_ULONG size = sizeof signature;
  MUST(token->C_SignInit(session, &mechanism, key));
  MUST(token->C_Sign(session, digest, sizeof digest, signature, &size));
}

static void write_certificate(CK_BYTE* der, CK_ULONG size, CK_BYTE* id, CK_ULONG id_size) {
  CK_OBJECT_CLASS class = CKO_CERTIFICATE;
  CK_CERTIFICATE_TYPE type = CKC_X_509;
  static CK_BYTE subject[] = {0x30, 0x00};
  CK_ATTRIBUTE certificate[] = {{CKA_CLASS, &class, sizeof class},
                                {CKA_CERTIFICATE_TYPE, &type, sizeof type},
                                {CKA_TOKEN, &yes, sizeof yes},
                                {CKA_SUBJECT, subject, sizeof subject},
                                {CKA_ID, id, id_size},
                                {CKA_VALUE, der, size}};
  CK_OBJECT_HANDLE written = 0;
  MUST(token->C_CreateObject(session, certificate, 6, &written));
}

int main(int argc, char** argv) {
  char pin[64];
  if (argc != 3 || fgets(pin, sizeof pin, stdin) == NULL) return 2;
  pin[strcspn(pin, "\n")] = '\0';
  const int rsa = strcmp(argv[2], "rsa") == 0;
  void* library = dlopen(argv[1], RTLD_NOW);
  CK_C_GetFunctionList list =
      library == NULL ? NULL : (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList");
  if (list == NULL) return 2;
  MUST(list(&token));

  CK_SLOT_ID slots[8];
  CK_ULONG slot_count = 8;
  CK_TOKEN_INFO info;
  MUST(token->C_Initialize(NULL));
  MUST(token->C_GetSlotList(CK_TRUE, slots, &slot_count));
  MUST(token->C_GetTokenInfo(slots[0], &info));
  MUST(token->C_OpenSession(slots[0], CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &session));
  MUST(token->C_Login(session, CKU_USER, (CK_UTF8CHAR*)pin, strlen(pin)));

  CK_BYTE der[4096], id[] = {0xbe, 0xbc};
  CK_ATTRIBUTE value = {CKA_VALUE, der, sizeof der};
  MUST(token->C_GetAttributeValue(session, find(CKO_CERTIFICATE), &value, 1));
  const CK_OBJECT_HANDLE old_key = find(CKO_PRIVATE_KEY);
  sign(generate(rsa, id, sizeof id), rsa); /* the request */
  sign(old_key, rsa);                      /* TLS */
  write_certificate(der, value.ulValueLen, id, sizeof id);

  MUST(token->C_Logout(session));
  MUST(token->C_CloseSession(session));
  MUST(token->C_Finalize(NULL));
  return 0;
}
