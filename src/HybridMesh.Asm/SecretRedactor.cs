using System.Text.RegularExpressions;
using HybridMesh.Core;

namespace HybridMesh.Asm;

/// <summary>
/// Takes secrets out of what the service says: a refused signature is answered with everything that was signed,
/// security token included, as it is and percent-encoded once or twice.
/// </summary>
internal sealed partial class SecretRedactor(AsmCredential credential)
{
    private const string Hidden = "***";

    private readonly string[] _secrets =
        [.. new[] { credential.AccessKeySecret, credential.SecurityToken }.OfType<string>()
            .Where(secret => secret.Length > 0)
            .SelectMany(secret => (string[])
                [secret, PercentEncoding.Encode(secret), PercentEncoding.Encode(PercentEncoding.Encode(secret))])
            .Distinct().OrderByDescending(secret => secret.Length)];

    public string Redact(string text)
    {
        foreach (string secret in _secrets)
        {
            text = text.Replace(secret, Hidden, StringComparison.OrdinalIgnoreCase);
        }

        string keyId = credential.AccessKeyId;
        string masked = keyId[..Math.Min(4, keyId.Length / 2)] + Hidden;
        return Labelled().Replace(text.Replace(keyId, masked, StringComparison.OrdinalIgnoreCase), $"$1{Hidden}");
    }

    // Whatever stands behind these names, even if it is not this credential's.
    [GeneratedRegex(
        """((?:security-?token|signature|access_?key_?secret)(?:\s*[:=]\s*|%3D|%253D))[^\s,;&\]"]+""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Labelled();
}
