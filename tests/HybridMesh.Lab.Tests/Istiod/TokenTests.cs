using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab.Tests;

/// <summary>TokenRequests: real tokens, signed, for whom and as long as asked.</summary>
public sealed class TokenTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Default = "/api/v1/namespaces/default/serviceaccounts/default/token";

    [Fact]
    public async Task TokenRequest_TellsWhoForWhomAndHowLong()
    {
        DateTimeOffset before = DateTimeOffset.UtcNow;
        ApiAnswer answer = await api.Client.PostAsync(Default, Request("""["istio-ca","other"]""", 1200));

        Assert.Equal(HttpStatusCode.Created, answer.Code);
        JsonNode claims = Part((string)answer.Body["status"]!["token"]!, 1);
        Assert.Equal("""["istio-ca","other"]""", claims["aud"]!.ToJsonString());
        Assert.Equal("system:serviceaccount:default:default", (string?)claims["sub"]);
        Assert.Equal("https://kubernetes.default.svc.cluster.local", (string?)claims["iss"]);
        Assert.Equal("default", (string?)claims["kubernetes.io"]?["namespace"]);
        Assert.Equal("default", (string?)claims["kubernetes.io"]?["serviceaccount"]?["name"]);
        Assert.InRange((long)claims["iat"]!, before.ToUnixTimeSeconds(), before.ToUnixTimeSeconds() + 60);
        Assert.Equal((long)claims["iat"]!, (long)claims["nbf"]!);
        Assert.Equal((long)claims["iat"]! + 1200, (long)claims["exp"]!);
        DateTimeOffset told = DateTimeOffset.Parse(
            (string)answer.Body["status"]!["expirationTimestamp"]!, CultureInfo.InvariantCulture);
        Assert.Equal((long)claims["exp"]!, told.ToUnixTimeSeconds());
    }

    [Fact]
    public async Task Token_IsSignedByTheKeyTheServerShows()
    {
        ApiAnswer answer = await api.Client.PostAsync(Default, Request("""["istio-ca"]""", 600));
        string token = (string)answer.Body["status"]!["token"]!;
        JsonNode shown = (await api.Client.GetAsync("/openid/v1/jwks")).Body["keys"]![0]!;
        using RSA key = RSA.Create(new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars((string)shown["n"]!),
            Exponent = Base64Url.DecodeFromChars((string)shown["e"]!),
        });
        string[] parts = token.Split('.');

        Assert.Equal((string?)shown["kid"], (string?)Part(token, 0)["kid"]);
        Assert.Equal("RS256", (string?)Part(token, 0)["alg"]);
        Assert.True(key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]),
            HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public async Task TokenRequest_WithoutASpec_IsForTheServerItselfAndAnHour()
    {
        ApiAnswer answer = await api.Client.PostAsync(
            Default, """{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}""");

        JsonNode claims = Part((string)answer.Body["status"]!["token"]!, 1);
        Assert.Equal("""["https://kubernetes.default.svc.cluster.local"]""", claims["aud"]!.ToJsonString());
        Assert.Equal(3600, (long)claims["exp"]! - (long)claims["iat"]!);
    }

    [Theory]
    [InlineData(599, "spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes")]
    [InlineData(4294967297, "may not specify a duration larger than 2^32 seconds")]
    public async Task TokenRequest_DurationOutOfRange_IsInvalid(long seconds, string because)
    {
        ApiAnswer answer = await api.Client.PostAsync(Default, Request("""["istio-ca"]""", seconds));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Code);
        Assert.Equal("Invalid", answer.Reason);
        Assert.Contains(because, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TokenRequest_NoSuchServiceAccount_NamesIt()
    {
        ApiAnswer answer = await api.Client.PostAsync(
            "/api/v1/namespaces/default/serviceaccounts/nobody/token", Request("""["istio-ca"]""", 3600));

        Assert.Equal(HttpStatusCode.NotFound, answer.Code);
        Assert.Equal("serviceaccounts \"nobody\" not found", answer.Message);
    }

    private static string Request(string audiences, long seconds) => $$"""
        {"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest",
         "spec":{"audiences":{{audiences}},"expirationSeconds":{{seconds}} } }
        """;

    private static JsonNode Part(string token, int index) =>
        JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[index]))!;
}
