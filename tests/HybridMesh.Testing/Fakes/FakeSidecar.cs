using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using HybridMesh.Core;

namespace HybridMesh.Testing;

/// <summary>A VM in memory that tells of its sidecar as a real one does.</summary>
public sealed partial class FakeSidecar
{
    /// <summary>What systemctl says; null for a VM without the service.</summary>
    public string? Service { get; set; } = "active";

    /// <summary>The package's version.</summary>
    public string? Version { get; set; } = "1.24.1";

    /// <summary>The answer of the health check.</summary>
    public int ReadyStatus { get; set; } = 200;

    /// <summary>cluster.env; null for none.</summary>
    public string? Env { get; set; }

    /// <summary>The token's file; null for none.</summary>
    public string? Token { get; set; }

    /// <summary>The copy of the token for the next boot; null for none.</summary>
    public string? KeptToken { get; set; }

    /// <summary>root-cert.pem; null for none.</summary>
    public string? RootCert { get; set; }

    /// <summary>cert-chain.pem; null for none.</summary>
    public string? CertChain { get; set; }

    /// <summary>present, none or unknown.</summary>
    public string Capture { get; set; } = "present";

    /// <summary>/etc/hosts.</summary>
    public string Hosts { get; set; } = "127.0.0.1 localhost\n";

    /// <summary>The image and state of the container istio-proxy; null for none.</summary>
    public (string Image, bool Running)? Container { get; set; }

    /// <summary>What the app answers; null when it does not.</summary>
    public string? App { get; set; }

    /// <summary>When the VM was started.</summary>
    public DateTimeOffset BootedAt { get; set; } = DateTimeOffset.UnixEpoch;

    /// <summary>When cluster.env was written.</summary>
    public DateTimeOffset InstalledAt { get; set; } = DateTimeOffset.UnixEpoch;

    /// <summary>A token as the API server issues it, good for nothing.</summary>
    public static string MakeToken(DateTimeOffset expires, string audience = "istio-ca") => string.Join(
        '.',
        Part(new { alg = "RS256" }),
        Part(new { aud = new[] { audience }, exp = expires.ToUnixTimeSeconds(), sub = "system:serviceaccount:hello:default" }),
        "SIGNATURE");

    /// <summary>A self-signed certificate as PEM.</summary>
    public static string MakeCertificate(DateTimeOffset expires, string name = "root")
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(expires.AddYears(-1), expires);
        return certificate.ExportCertificatePem() + "\n";
    }

    /// <summary>cluster.env as HybridMesh writes it.</summary>
    public static string MakeEnv(params (string Name, string Value)[] values) =>
        string.Concat(values.Select(pair => $"{pair.Name}='{pair.Value.Replace("'", "'\"'\"'", StringComparison.Ordinal)}'\n"));

    /// <summary>Whether a command is the one that reads a sidecar.</summary>
    public static bool IsAsked(FakeCommand command) =>
        command?.StandardInput?.Contains("HM_KEPT=", StringComparison.Ordinal) == true;

    /// <summary>Answers the script that reads a sidecar.</summary>
    public CommandResult Answer(string script)
    {
        StringBuilder output = new("HybridMesh\n");
        Line("service", Service is null ? "inactive" : Service);
        Line("unit", Service is null ? null : "/lib/systemd/system/istio.service");
        Line("version", Service is null ? null : Version);
        Line("container", Container is { } container ? Base64(ContainerJson(container)) : null);
        string place = Service is null && Container is not null ? "container" : "package";
        Line($"{place}-env", Base64(Env));
        Line($"{place}-root", Base64(RootCert));
        Line($"{place}-chain", Base64(CertChain));
        Line($"{place}-token", Payload(Token));
        Line("kept-token", Payload(KeptToken));
        Line("hosts", Base64(Hosts));
        Line("boot", BootedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        Line("installed", InstalledAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        Line("capture", Capture);
        output.Append("end .\n");
        string[] marks = [.. MarkPattern().Matches(script).Select(match => match.Groups[1].Value)];
        if (Service == "active" || Container is { Running: true })
        {
            Probe(marks[0], ReadyStatus, "");
        }

        if (marks.Length > 1)
        {
            Probe(marks[1], App is null ? 0 : 200, App ?? "");
        }

        return new CommandResult(0, output.ToString(), "");

        void Line(string name, string? value)
        {
            if (value is not null)
            {
                output.Append(name).Append(' ').Append(value).Append('\n');
            }
        }

        void Probe(string mark, int status, string body) => output.Append(
            CultureInfo.InvariantCulture,
            $"{mark}:start\n{mark}:client curl\n{mark}:begin\n{body}\n{mark}:curl {status:000} 0 0.001 0 0.002\n{mark}:exit {(status == 0 ? 7 : 0)}\n{mark}:done\n");
    }

    private static string? Payload(string? token) =>
        token is null ? null : token.Split('.') is [_, { } payload, _] ? $"payload {payload}" : "malformed";

    private static string ContainerJson((string Image, bool Running) container) => JsonSerializer.Serialize(new[]
    {
        new
        {
            Id = "1",
            Name = "/istio-proxy",
            State = new { Status = container.Running ? "running" : "exited", container.Running, ExitCode = 0, StartedAt = "" },
            Config = new { container.Image, Env = Array.Empty<string>(), Labels = new Dictionary<string, string>() },
        },
    });

    private static string? Base64(string? text) => text is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Part(object value) =>
        Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(value)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    [GeneratedRegex("^HM_MARK='([^']+)'$", RegexOptions.Multiline)]
    private static partial Regex MarkPattern();
}
