using System.Security.Cryptography;
using System.Text;
using HybridMesh.Core;

namespace HybridMesh.Asm;

/// <summary>Alibaba Cloud's signature version 3, ACS3-HMAC-SHA256, of one request.</summary>
internal sealed record Acs3Signature(
    string CanonicalRequest, string StringToSign, string Signature, string Authorization)
{
    private const string Algorithm = "ACS3-HMAC-SHA256";

    /// <summary>Signs the headers that must be: host, content-type and all of x-acs-*.</summary>
    /// <param name="method">GET or POST.</param>
    /// <param name="query">The query's parameters, decoded.</param>
    /// <param name="headers">All headers, x-acs-content-sha256 among them, by lower-case name.</param>
    /// <param name="credential">The key to sign with.</param>
    public static Acs3Signature Of(
        string method, IEnumerable<KeyValuePair<string, string>> query, IReadOnlyDictionary<string, string> headers,
        AsmCredential credential)
    {
        KeyValuePair<string, string>[] signed = [.. headers.Where(pair => IsSigned(pair.Key))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)];
        string names = string.Join(';', signed.Select(pair => pair.Key));
        string canonical = string.Join('\n',
            method, "/", PercentEncoding.Pairs(query.OrderBy(pair => pair.Key, StringComparer.Ordinal)),
            string.Concat(signed.Select(pair => $"{pair.Key}:{pair.Value.Trim()}\n")), names,
            headers["x-acs-content-sha256"]);
        string toSign = $"{Algorithm}\n{Digest(Encoding.UTF8.GetBytes(canonical))}";
        string signature = Hex(HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(credential.AccessKeySecret), Encoding.UTF8.GetBytes(toSign)));
        return new Acs3Signature(
            canonical, toSign, signature,
            $"{Algorithm} Credential={credential.AccessKeyId},SignedHeaders={names},Signature={signature}");
    }

    /// <summary>SHA-256 as the scheme writes it.</summary>
    public static string Digest(byte[] bytes) => Hex(SHA256.HashData(bytes));

    private static bool IsSigned(string name) =>
        name is "host" or "content-type" || name.StartsWith("x-acs-", StringComparison.Ordinal);

    // Lower case, which Convert writes from .NET 9 on only.
    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();
}
