using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace HybridMesh.Lab;

/// <summary>
/// What a sidecar learns from its files. Each is checked; the first that will not do is named, with what is wrong.
/// </summary>
internal sealed partial record SidecarBootstrap(
    string DiscoveryHost, int DiscoveryPort, X509Certificate2Collection Roots, string Hosts)
{
    private const string Audience = "istio-ca";

    public static async Task<SidecarBootstrap> ReadAsync(SidecarFiles files, TimeProvider clock)
    {
        CheckEnvironment(files.Environment, await ReadAsync(files.Environment).ConfigureAwait(false));
        string discovery = DiscoveryOf(files.Mesh, await ReadAsync(files.Mesh).ConfigureAwait(false));
        X509Certificate2Collection roots =
            RootsOf(files.RootCert, await ReadAsync(files.RootCert).ConfigureAwait(false));
        CheckToken(files.Token, await ReadAsync(files.Token).ConfigureAwait(false), clock.GetUtcNow());
        string hosts = files.Hosts is null ? "" : await ReadAsync(files.Hosts).ConfigureAwait(false);
        int colon = discovery.LastIndexOf(':');
        return new SidecarBootstrap(
            discovery[..colon], int.Parse(discovery.AsSpan(colon + 1), CultureInfo.InvariantCulture), roots, hosts);

        Task<string> ReadAsync(string path) => SidecarReader.ReadAsync(path, files.User);
    }

    private static void CheckEnvironment(string path, string text)
    {
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Trim();
            if (line.Length > 0 && line[0] != '#' && !Setting().IsMatch(line))
            {
                throw new LabException($"{path} line {i + 1} is no NAME=VALUE: {line}");
            }
        }
    }

    private static string DiscoveryOf(string path, string text)
    {
        JsonNode? mesh;
        try
        {
            mesh = YamlText.Parse(text);
        }
        catch (YamlException e)
        {
            throw new LabException($"{path} is no YAML: {e.Message.ReplaceLineEndings(" ")}");
        }

        if (mesh is not JsonObject)
        {
            throw new LabException($"{path} is no YAML mapping");
        }

        string address = mesh.Text("defaultConfig", "discoveryAddress") ?? MeshConfigMaps.DiscoveryAddress;
        return Address().IsMatch(address)
            ? address : throw new LabException($"{path} has a discoveryAddress that is no host:port: {address}");
    }

    private static X509Certificate2Collection RootsOf(string path, string text)
    {
        X509Certificate2Collection roots = [];
        try
        {
            roots.ImportFromPem(text);
        }
        catch (CryptographicException e)
        {
            throw new LabException($"{path} holds no certificate: {e.Message}");
        }

        return roots.Count > 0 ? roots : throw new LabException($"{path} holds no certificate");
    }

    private static void CheckToken(string path, string text, DateTimeOffset now)
    {
        JsonNode? claims = Claims(text.Trim()) ?? throw new LabException($"{path} is no JWT");
        if (claims["exp"] is not JsonValue exp || !exp.TryGetValue(out long ends))
        {
            throw new LabException($"{path} is no JWT with an expiry");
        }

        DateTimeOffset expiry = DateTimeOffset.FromUnixTimeSeconds(ends);
        if (expiry <= now)
        {
            throw new LabException(string.Create(
                CultureInfo.InvariantCulture, $"{path} expired at {expiry:yyyy-MM-dd'T'HH:mm:ss'Z'}"));
        }

        string[] audiences = claims["aud"] is JsonArray ? [.. claims.Texts("aud")] : [claims.Text("aud") ?? ""];
        if (!audiences.Contains(Audience))
        {
            throw new LabException($"{path} is meant for '{string.Join(", ", audiences)}', not for {Audience}");
        }
    }

    private static JsonObject? Claims(string token)
    {
        string[] parts = token.Split('.');
        try
        {
            return parts.Length == 3 && Part(parts[0]) is not null ? Part(parts[1]) : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    private static JsonObject? Part(string text) => JsonNode.Parse(Base64Url.DecodeFromChars(text)) as JsonObject;

    [GeneratedRegex("""^(export\s+)?[A-Za-z_][A-Za-z0-9_]*=([^'"]|'[^']*'|"[^"]*")*$""")]
    private static partial Regex Setting();

    [GeneratedRegex(@"^[^\s:]+:[0-9]{1,5}$")]
    private static partial Regex Address();
}
