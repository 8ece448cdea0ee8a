using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HybridMesh.Lab;

/// <summary>A certificate authority of the lab, made at run time and never written with its key.</summary>
public sealed class LabCertificates : IDisposable
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");
    private readonly X509Certificate2 _authority;
    private readonly TimeProvider _clock;

    public LabCertificates(TimeProvider? clock = null, string subject = "CN=HybridMesh lab")
    {
        _clock = clock ?? TimeProvider.System;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _authority = request.CreateSelfSigned(_clock.GetUtcNow().AddHours(-1), _clock.GetUtcNow().AddYears(1));
        CaPem = _authority.ExportCertificatePem();
    }

    /// <summary>The authority's certificate, for clients.</summary>
    public string CaPem { get; }

    /// <summary>
    /// A server's certificate for loopback addresses and names; 127.0.0.1 and localhost are always in.
    /// </summary>
    public X509Certificate2 CreateServerCertificate(params string[] names) =>
        CreateCertificate("CN=kube-apiserver", [.. names, "localhost", "127.0.0.1"]);

    /// <summary>A server's certificate for just these names and addresses.</summary>
    public X509Certificate2 CreateCertificate(string subject, IReadOnlyList<string> names)
    {
        SubjectAlternativeNameBuilder alternatives = new();
        foreach (string name in names.Distinct())
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        return Issue(subject, alternatives, [ServerAuthentication]);
    }

    /// <summary>A workload's certificate, whose name is its identity: <c>spiffe://domain/ns/x/sa/y</c>.</summary>
    public X509Certificate2 CreateWorkloadCertificate(string spiffeId)
    {
        SubjectAlternativeNameBuilder alternatives = new();
        alternatives.AddUri(new Uri(spiffeId));
        return Issue("CN=workload", alternatives, [ServerAuthentication, ClientAuthentication]);
    }

    private X509Certificate2 Issue(string subject, SubjectAlternativeNameBuilder names, OidCollection purposes)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(purposes, false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, true, false));
        request.CertificateExtensions.Add(names.Build());
        byte[] serial = RandomNumberGenerator.GetBytes(12);
        serial[0] &= 0x7f;
        using X509Certificate2 signed =
            request.Create(_authority, _clock.GetUtcNow().AddHours(-1), _clock.GetUtcNow().AddMonths(6), serial);
        return signed.CopyWithPrivateKey(key);
    }

    public void Dispose() => _authority.Dispose();
}
