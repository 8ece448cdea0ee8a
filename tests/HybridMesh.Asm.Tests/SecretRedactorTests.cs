using HybridMesh.Core;

namespace HybridMesh.Asm.Tests;

public sealed class SecretRedactorTests
{
    private static readonly SecretRedactor Redactor =
        new(new AsmCredential("LTAI5tExampleAccessKey01", "Example/Secret+0=", "CAIS/Token+=="));

    [Theory]
    [InlineData("key Example/Secret+0= here", "key *** here")]
    [InlineData("Example%2FSecret%2B0%3D", "***")]
    [InlineData("example%2fsecret%2b0%3d", "***")]
    [InlineData("Example%252FSecret%252B0%253D", "***")]
    [InlineData("of LTAI5tExampleAccessKey01.", "of LTAI***.")]
    [InlineData("x-acs-security-token:other-token\nhost:a", "x-acs-security-token:***\nhost:a")]
    [InlineData("a=1&SecurityToken=other&b=2", "a=1&SecurityToken=***&b=2")]
    [InlineData("SecurityToken%3Dother", "SecurityToken%3D***")]
    [InlineData("Signature=abcdef", "Signature=***")]
    [InlineData("access_key_secret: abc", "access_key_secret: ***")]
    [InlineData("nothing to hide", "nothing to hide")]
    public void Redact_HidesSecretsOnly(string text, string expected) => Assert.Equal(expected, Redactor.Redact(text));

    [Fact]
    public void Credential_ToString_HidesItsSecrets()
    {
        string text = new AsmCredential("LTAI5tExampleAccessKey01", "the-secret", "the-token").ToString();

        Assert.DoesNotContain("the-secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("the-token", text, StringComparison.Ordinal);
    }
}
