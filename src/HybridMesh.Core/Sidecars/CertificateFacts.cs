using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HybridMesh.Core;

/// <summary>What a PEM file's certificates say of themselves. No chain is checked.</summary>
public sealed record CertificateFacts
{
    /// <summary>When the first of them ends.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>When the last of them begins.</summary>
    public required DateTimeOffset Begins { get; init; }

    /// <summary>The subject of the one that ends first.</summary>
    public required string Subject { get; init; }

    /// <summary>How many there are.</summary>
    public required int Count { get; init; }

    /// <summary>Reads a file's certificates; null when there is none or one of them is damaged.</summary>
    public static CertificateFacts? Read(string? pem)
    {
        X509Certificate2Collection certificates = [];
        try
        {
            certificates.ImportFromPem(pem ?? "");
            return certificates.Count == 0 ? null : From(certificates);
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            foreach (X509Certificate2 certificate in certificates)
            {
                certificate.Dispose();
            }
        }
    }

    private static CertificateFacts From(X509Certificate2Collection certificates)
    {
        X509Certificate2 first = certificates.MinBy(certificate => certificate.NotAfter)!;
        return new()
        {
            Expires = new DateTimeOffset(first.NotAfter).ToUniversalTime(),
            Begins = new DateTimeOffset(certificates.Max(certificate => certificate.NotBefore)).ToUniversalTime(),
            Subject = first.Subject,
            Count = certificates.Count,
        };
    }
}
