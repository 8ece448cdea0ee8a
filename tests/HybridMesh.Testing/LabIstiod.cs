using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace HybridMesh.Testing;

/// <summary>What a VM's sidecar needs of a lab, asked of its data plane by plain HTTPS.</summary>
public sealed class LabIstiod : IDisposable
{
    private readonly HttpClient _http;

    public LabIstiod(LabFixture lab)
    {
        string config = File.ReadAllText(lab.Kubeconfig);
        string Value(string name) => Regex.Match(config, $@"\b{name}: (\S+)").Groups[1].Value;
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(
            Encoding.ASCII.GetString(Convert.FromBase64String(Value("certificate-authority-data")))));
        SocketsHttpHandler handler = new();
        handler.SslOptions.CertificateChainPolicy = policy;
        _http = new HttpClient(handler) { BaseAddress = new Uri(Value("server")), Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Value("token"));
    }

    /// <summary>The mesh's root certificate.</summary>
    public async Task<string> RootCertAsync(string ns = "default")
    {
        JsonNode map = JsonNode.Parse(await _http.GetStringAsync(
            new Uri($"/api/v1/namespaces/{ns}/configmaps/istio-ca-root-cert", UriKind.Relative)))!;
        return (string)map["data"]!["root-cert.pem"]!;
    }

    /// <summary>A token of the ServiceAccount <c>default</c>.</summary>
    public async Task<string> TokenAsync(string audience = "istio-ca", string ns = "default")
    {
        JsonObject request = new()
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject { ["audiences"] = new JsonArray(audience), ["expirationSeconds"] = 3600 },
        };
        using StringContent body = new(request.ToJsonString(), Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await _http.PostAsync(
            new Uri($"/api/v1/namespaces/{ns}/serviceaccounts/default/token", UriKind.Relative), body);
        answer.EnsureSuccessStatusCode();
        using JsonDocument token = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return token.RootElement.GetProperty("status").GetProperty("token").GetString()!;
    }

    public void Dispose() => _http.Dispose();
}
