using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HybridMesh.Core.Tests.Sidecars;

public sealed class CertificateFactsTests
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Read_Bundle_GivesTheFirstEnd()
    {
        string pem = Certificate("late", Begin, Begin.AddYears(10)) + "\n# the old root\n"
            + Certificate("soon", Begin.AddDays(1), Begin.AddYears(1));

        CertificateFacts facts = CertificateFacts.Read(pem)!;

        Assert.Equal(Begin.AddYears(1), facts.Expires);
        Assert.Equal(Begin.AddDays(1), facts.Begins);
        Assert.Equal("CN=soon", facts.Subject);
        Assert.Equal(2, facts.Count);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("fake")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void Read_NoCertificate_IsNull(string? text) => Assert.Null(CertificateFacts.Read(text));

    private static string Certificate(string name, DateTimeOffset from, DateTimeOffset to)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(from, to);
        return certificate.ExportCertificatePem();
    }
}
