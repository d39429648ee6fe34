import { describe, expect, it } from "vitest";
import { isCredentialName } from "../../src/secrets/names.ts";
import { redactText } from "../../src/secrets/text.ts";

describe("a name says that a text is a credential", () => {
  it.each(
    "token Token TOKEN access_token accessToken AccessToken ACCESS-TOKEN tokens token_code tokenCode status_token flow_api_token notification_token client_secret clientSecret clientsecret secret SECRET_KEY secret_key password encrypted_password upstream_registry_password Password dbpassword DB_PASSWORD passwd private_key privateKey PRIVATEKEY api_key apiKey X-Api-Key aws_secret_access_key Authorization credentials Set-Cookie jwt".split(
      " ",
    ),
  )("%s", (name) => {
    expect(isCredentialName(name)).toBe(true);
  });

  it.each(
    "key public_key resource_key name title oauth_token_application oauth_token_uuid token_display_name app_specific_token_title create_app_specific_token_count secretary next_page tokenizer digest password_required auth_method kid jwk signature".split(
      " ",
    ),
  )("but not %s", (name) => {
    expect(isCredentialName(name)).toBe(false);
  });
});

describe("a text loses what is a credential by its form", () => {
  it.each([
    ["https://user:hunter2@example.com/a?b=c", "https://[redacted]@example.com/a?b=c"],
    [
      "see https://hunter2@example.com and HTTP://u:hunter@2@h/x",
      "see https://[redacted]@example.com and HTTP://[redacted]@h/x",
    ],
    ["postgresql://quay:hunter2@db:5432/quay", "postgresql://[redacted]@db:5432/quay"],
    ["https://h/x?token=hunter2&page=2", "https://h/x?token=[redacted]&page=2"],
    ["/logs?a=1&X-Amz-Signature=hunter2", "/logs?a=1&X-Amz-Signature=[redacted]"],
    [
      "https://h/?x-amz-credential=hunter2;sig=hunter3",
      "https://h/?x-amz-credential=[redacted];sig=[redacted]",
    ],
    ["https://h/#access_token=hunter2", "https://h/#access_token=[redacted]"],
    ["https://h/?%74oken=hunter2&amp;apiKey=hunter3", "https://h/?%74oken=[redacted]&amp;apiKey=[redacted]"],
    [
      "https://h/?key=hunter2 and https://g/?Signature=hunter3",
      "https://h/?key=[redacted] and https://g/?Signature=[redacted]",
    ],
    ["a -----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY----- b", "a [redacted] b"],
    ["-----BEGIN PRIVATE KEY-----\nhunter2", "[redacted]"],
  ])("%s", (text, redacted) => {
    expect(redactText(text)).toBe(redacted);
  });

  it.each([
    "https://example.com/a/b?page=2&limit=10#top",
    "Ask ada@example.com, or see https://quay.example.com/repository/acme/app?tab=tags",
    "git@github.com:acme/app.git",
    "1 = 2; x = y",
    "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
  ])("and nothing else: %s", (text) => {
    expect(redactText(text)).toBe(text);
  });

  it("in a time that grows with its length alone, whatever strangers write", () => {
    const hostile = ["a", "://", "a://", "?a", "?a=", "&amp;", "-----BEGIN PRIVATE KEY-----", "://a@b:"].map(
      (piece) => `://=${piece.repeat(Math.ceil(500_000 / piece.length))}`,
    );
    const before = performance.now();
    for (const text of hostile) redactText(text);
    expect(performance.now() - before).toBeLessThan(3000);
  });
});
