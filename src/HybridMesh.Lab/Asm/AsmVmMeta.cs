using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>GetVmMeta: what a VM's sidecar is bootstrapped with, as contents and the places they belong to.</summary>
internal sealed class AsmVmMeta(ObjectStore dataPlane, AsmEndpointOptions options, AsmFaults faults)
{
    private const string Default = "default";
    private static readonly string[] BriefFields = ["EnvoyEnvContent", "HostsContent", "TokenContent"];
    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(1);

    public JsonObject Read(AsmRequest request)
    {
        string? ns = request.Parameter("Namespace");
        string? account = request.Parameter("ServiceAccount");
        // Namespace and ServiceAccount count only together, and TrustDomain with them.
        JsonObject all = ns is not null && account is not null
            ? Full(Find(ns, account), request.Parameter("TrustDomain") ?? MeshConfigMaps.TrustDomain)
            : Full(
                dataPlane.Find("ServiceAccount", Default, Default) ?? New(Default, Default),
                MeshConfigMaps.TrustDomain);
        return faults.BriefVmMeta
            ? new JsonObject([.. all.Where(field => BriefFields.Contains(field.Key))
                .Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))])
            : all;
    }

    private JsonObject Full(JsonObject account, string trustDomain)
    {
        (string ns, string name) = (account.Namespace(), account.Name());
        using X509Certificate2 certificate = options.MeshAuthority.CreateWorkloadCertificate(
            $"spiffe://{trustDomain}/ns/{ns}/sa/{name}");
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        return new JsonObject
        {
            ["RootCertPath"] = "/etc/certs/root-cert.pem",
            ["RootCertContent"] = options.MeshAuthority.CaPem + "\n",
            ["KeyPath"] = "/etc/certs/key.pem",
            ["KeyContent"] = key.ExportPkcs8PrivateKeyPem() + "\n",
            ["CertChainPath"] = "/etc/certs/cert-chain.pem",
            ["CertChainContent"] = certificate.ExportCertificatePem() + "\n",
            ["EnvoyEnvPath"] = "/var/lib/istio/envoy/cluster.env",
            ["EnvoyEnvContent"] = Environment(ns, name, trustDomain),
            ["HostsPath"] = "/etc/hosts",
            ["HostsContent"] = $"{options.EastWestAddress} istiod.istio-system.svc\n",
            ["TokenPath"] = "/var/run/secrets/tokens/istio-token",
            ["TokenContent"] = options.Signer.Sign(account, ["istio-ca"], options.Clock.GetUtcNow(), TokenLife),
        };
    }

    private JsonObject Find(string ns, string account) => dataPlane.Find("ServiceAccount", ns, account)
        ?? throw new AsmException(
            404, "ServiceAccount.NotFound", $"The specified service account {ns}/{account} does not exist.");

    private static JsonObject New(string ns, string name) =>
        new() { ["metadata"] = new JsonObject { ["namespace"] = ns, ["name"] = name } };

    /// <summary>cluster.env of a VM that belongs to no WorkloadGroup: the keys that say nothing of one.</summary>
    private string Environment(string ns, string account, string trustDomain)
    {
        StringBuilder text = new();
        foreach ((string name, string value) in ((string, string)[])[
            ("ISTIO_INBOUND_PORTS", "*"), ("ISTIO_LOCAL_EXCLUDE_PORTS", "22,15090,15021,15020"),
            ("ISTIO_META_CLUSTER_ID", MeshConfigMaps.ClusterId), ("ISTIO_META_DNS_CAPTURE", "true"),
            ("ISTIO_META_MESH_ID", options.MeshId), ("ISTIO_META_NETWORK", ""), ("ISTIO_NAMESPACE", ns),
            ("ISTIO_SERVICE_CIDR", "*"), ("POD_NAMESPACE", ns), ("SERVICE_ACCOUNT", account),
            ("TRUST_DOMAIN", trustDomain)])
        {
            text.Append(name).Append("='").Append(value).Append("'\n");
        }

        return text.ToString();
    }
}
