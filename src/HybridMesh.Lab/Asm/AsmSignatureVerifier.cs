using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HybridMesh.Lab;

/// <summary>
/// Checks calls signed by ACS3-HMAC-SHA256 (today's SDKs) or RPC signature version 1 (the aliyun CLI). Clients differ
/// in what they escape on the wire, so that everything is decoded and encoded anew before it is compared.
/// </summary>
internal sealed class AsmSignatureVerifier(AsmEndpointOptions options)
{
    private const string Algorithm = "ACS3-HMAC-SHA256";
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private static readonly string[] AlwaysSigned =
    [
        "host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version",
    ];

    private readonly NonceMemory _nonces = new(options.Clock, Window);

    /// <exception cref="AsmException">The call must be refused.</exception>
    public void Verify(AsmRequest request)
    {
        if (request.Header("authorization") is string authorization)
        {
            VerifyVersion3(request, authorization);
        }
        else
        {
            VerifyVersion1(request);
        }
    }

    private void VerifyVersion3(AsmRequest request, string authorization)
    {
        (string keyId, string[] signed, string signature) = Parse(authorization);
        foreach (string name in AlwaysSigned)
        {
            if (request.Header(name) is null)
            {
                throw AsmException.Missing(name);
            }
        }

        CheckCaller(keyId, request.Header("x-acs-security-token"));
        CheckDate(request.Header("x-acs-date")!);
        bool complete = AlwaysSigned.All(signed.Contains)
            && request.Headers.Keys.Where(name => name.StartsWith("x-acs-", StringComparison.Ordinal))
                .All(signed.Contains);
        if (!complete)
        {
            throw Incomplete();
        }

        string content = Convert.ToHexStringLower(SHA256.HashData(request.Body));
        string canonical = string.Join('\n',
            request.Method, request.Path, PercentEncoding.Canonical(request.Query),
            string.Concat(signed.Order(StringComparer.Ordinal)
                .Select(name => $"{name}:{request.Header(name)?.Trim()}\n")),
            string.Join(';', signed), content);
        string toSign = $"{Algorithm}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        string expected = Convert.ToHexStringLower(HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(options.AccessKeySecret), Encoding.UTF8.GetBytes(toSign)));
        if (!Same(expected, signature) || request.Header("x-acs-content-sha256") != content)
        {
            throw new AsmException(
                400, "SignatureDoesNotMatch",
                $"Specified signature does not match our calculation.\nserver StringToSign is [{toSign}]\n"
                + $"server CanonicalRequest is [{canonical}]");
        }

        UseNonce(request.Header("x-acs-signature-nonce")!);
    }

    private void VerifyVersion1(AsmRequest request)
    {
        string keyId = request.Required("AccessKeyId");
        string signature = request.Required("Signature");
        string nonce = request.Required("SignatureNonce");
        string date = request.Required("Timestamp");
        if (request.Required("SignatureMethod") != "HMAC-SHA1" || request.Required("SignatureVersion") != "1.0")
        {
            throw Incomplete();
        }

        CheckCaller(keyId, request.Parameter("SecurityToken"));
        CheckDate(date);
        string canonical = PercentEncoding.Canonical(
            request.Query.Concat(request.Form).Where(pair => pair.Key != "Signature"));
        string toSign = $"{request.Method}&%2F&{PercentEncoding.Encode(canonical)}";
        if (!Same(SignVersion1(toSign), signature))
        {
            throw new AsmException(
                400, "SignatureDoesNotMatch",
                $"Specified signature is not matched with our calculation. server string to sign is:{toSign}");
        }

        UseNonce(nonce);
    }

#pragma warning disable CA5350 // The scheme's own algorithm, which the aliyun CLI still uses.
    private string SignVersion1(string toSign) => Convert.ToBase64String(HMACSHA1.HashData(
        Encoding.UTF8.GetBytes(options.AccessKeySecret + "&"), Encoding.UTF8.GetBytes(toSign)));
#pragma warning restore CA5350

    private static (string KeyId, string[] Signed, string Signature) Parse(string authorization)
    {
        Dictionary<string, string> parts = authorization.StartsWith($"{Algorithm} ", StringComparison.Ordinal)
            ? authorization[(Algorithm.Length + 1)..].Split(',').Select(part => part.Trim().Split('=', 2))
                .Where(part => part.Length == 2).DistinctBy(part => part[0])
                .ToDictionary(part => part[0], part => part[1])
            : [];
        return parts.TryGetValue("Credential", out string? keyId)
            && parts.TryGetValue("SignedHeaders", out string? signed)
            && parts.TryGetValue("Signature", out string? signature)
            ? (keyId, signed.Split(';'), signature) : throw Incomplete();
    }

    private void CheckCaller(string keyId, string? token)
    {
        if (keyId != options.AccessKeyId)
        {
            throw new AsmException(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");
        }

        if (token is not null && token != options.SecurityToken)
        {
            throw new AsmException(400, "InvalidSecurityToken.Malformed", "The specified SecurityToken is malformed.");
        }
    }

    private void CheckDate(string text)
    {
        if (!DateTimeOffset.TryParseExact(
            text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out DateTimeOffset date))
        {
            throw new AsmException(
                400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.");
        }

        if ((options.Clock.GetUtcNow() - date).Duration() > Window)
        {
            throw new AsmException(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");
        }
    }

    private void UseNonce(string nonce)
    {
        if (!_nonces.TryUse(nonce))
        {
            throw new AsmException(400, "SignatureNonceUsed", "Specified signature nonce was used already.");
        }
    }

    private static AsmException Incomplete() =>
        new(400, "IncompleteSignature", "The request signature does not conform to Aliyun standards.");

    private static bool Same(string expected, string given) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given));
}
