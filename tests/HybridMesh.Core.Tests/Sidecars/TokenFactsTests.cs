using System.Text;

namespace HybridMesh.Core.Tests.Sidecars;

public sealed class TokenFactsTests
{
    [Fact]
    public void Read_KubernetesToken_GivesItsClaims()
    {
        TokenFacts facts = TokenFacts.Read(Token(
            """{"aud":["istio-ca","x"],"exp":1800003600,"iat":1800000000,"sub":"system:serviceaccount:ns:http-sa"}"""))!;

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1800003600), facts.Expires);
        Assert.Equal(TimeSpan.FromHours(1), facts.Duration);
        Assert.Equal(["istio-ca", "x"], facts.Audiences);
        Assert.Equal("istio-ca, x", facts.Audience);
        Assert.Equal("system:serviceaccount:ns:http-sa", facts.Subject);
    }

    [Fact]
    public void Read_OneAudienceAndFractionOfSecond_AreUnderstood()
    {
        TokenFacts facts = TokenFacts.Read(Token("""{"aud":"istio-ca","exp":1800003600.75}""") + "\n")!;

        Assert.Equal("istio-ca", facts.Audience);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1800003600), facts.Expires);
        Assert.Null(facts.Duration);
    }

    [Fact]
    public void Read_WithoutExp_NeverEnds()
    {
        Assert.Null(TokenFacts.Read(Token("{}"))!.Expires);
        Assert.Null(TokenFacts.Read(Token("""{"exp":1e300}"""))!.Expires);
        Assert.Null(TokenFacts.Read(Token("""{"exp":"soon"}"""))!.Expires);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a.!.c")]
    [InlineData("a.e.c")]
    [InlineData("a.W10.c")]
    [InlineData("a.eyJhIg.c")]
    public void Read_NoJwt_IsNull(string? text) => Assert.Null(TokenFacts.Read(text));

    private static string Token(string claims) =>
        $"e30.{Convert.ToBase64String(Encoding.UTF8.GetBytes(claims)).TrimEnd('=').Replace('+', '-').Replace('/', '_')}.s";
}
