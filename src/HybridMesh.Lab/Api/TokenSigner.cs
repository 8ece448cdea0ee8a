using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Signs ServiceAccounts' tokens (RS256) with a key made at run time.</summary>
public sealed class TokenSigner
{
    private const string Issuer = "https://kubernetes.default.svc.cluster.local";

    // Finding the primes of an RSA key takes longer than anything else in the lab's start: it happens beside it.
    private readonly Task<RSA> _key = Task.Run(() => RSA.Create(2048));

    private RSA Key => _key.GetAwaiter().GetResult();

    private string KeyId => Base64Url.EncodeToString(SHA256.HashData(Key.ExportSubjectPublicKeyInfo()));

    /// <summary>A token of a ServiceAccount, valid from <paramref name="from"/> on.</summary>
    public string Sign(JsonObject account, JsonArray audiences, DateTimeOffset from, TimeSpan life)
    {
        string name = (string)account["metadata"]!["name"]!;
        string ns = (string)account["metadata"]!["namespace"]!;
        return Sign(new JsonObject
        {
            ["aud"] = audiences.DeepClone(),
            ["exp"] = (from + life).ToUnixTimeSeconds(),
            ["iat"] = from.ToUnixTimeSeconds(),
            ["iss"] = Issuer,
            ["jti"] = Guid.NewGuid().ToString(),
            ["kubernetes.io"] = new JsonObject
            {
                ["namespace"] = ns,
                ["serviceaccount"] = new JsonObject
                {
                    ["name"] = name,
                    ["uid"] = (string?)account["metadata"]!["uid"],
                },
            },
            ["nbf"] = from.ToUnixTimeSeconds(),
            ["sub"] = $"system:serviceaccount:{ns}:{name}",
        });
    }

    /// <summary>The same token with other times: a fault needs one that has run out.</summary>
    public string Renew(string token, DateTimeOffset from, TimeSpan life)
    {
        JsonObject claims = JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject();
        claims["exp"] = (from + life).ToUnixTimeSeconds();
        claims["iat"] = from.ToUnixTimeSeconds();
        claims["nbf"] = from.ToUnixTimeSeconds();
        return Sign(claims);
    }

    /// <summary>The public key, as <c>/openid/v1/jwks</c> shows it.</summary>
    public JsonObject KeySet()
    {
        RSAParameters key = Key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["use"] = "sig",
                ["kty"] = "RSA",
                ["kid"] = KeyId,
                ["alg"] = "RS256",
                ["n"] = Base64Url.EncodeToString(key.Modulus),
                ["e"] = Base64Url.EncodeToString(key.Exponent),
            }),
        };
    }

    private string Sign(JsonObject claims)
    {
        JsonObject header = new() { ["alg"] = "RS256", ["kid"] = KeyId };
        string content = $"{Encoded(header)}.{Encoded(claims)}";
        byte[] signature = Key.SignData(
            Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{content}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encoded(JsonObject part) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString(FieldPath.Json)));
}
