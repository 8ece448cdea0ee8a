using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HybridMesh.Core;

namespace HybridMesh.Load;

/// <summary>Where requests go, and the bytes they are.</summary>
internal sealed class LoadTarget
{
    private static readonly string[] Framing = ["Content-Length", "Transfer-Encoding"];

    public LoadTarget(LoadPlan plan, IPAddress[] addresses, X509ChainPolicy? trust)
    {
        string host = Host(plan);
        EndPoints = [.. addresses.Select(address => new IPEndPoint(address, plan.Uri.Port))];
        // Like HttpClient: who asks for another host also wants that host's certificate.
        Tls = plan.Uri.Scheme == Uri.UriSchemeHttps
            ? new SslClientAuthenticationOptions
            {
                TargetHost = new Uri($"https://{host}").IdnHost.Trim('[', ']'),
                CertificateChainPolicy = trust,
            }
            : null;
        Request = Write(plan, host);
    }

    /// <summary>The addresses to try, in turn.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; }

    /// <summary>The name the certificate must have, and who may have signed it; null without TLS.</summary>
    public SslClientAuthenticationOptions? Tls { get; }

    /// <summary>The request; all are the same.</summary>
    public byte[] Request { get; }

    private static string Host(LoadPlan plan)
    {
        if (plan.Headers.FirstOrDefault(header => header.Key.Equals("Host", StringComparison.OrdinalIgnoreCase)).Value
            is not { } given)
        {
            string host = plan.Uri.HostNameType == UriHostNameType.IPv6 ? plan.Uri.Host : plan.Uri.IdnHost;
            return plan.Uri.IsDefaultPort ? host : $"{host}:{plan.Uri.Port}";
        }

        return Uri.TryCreate($"http://{given}/", UriKind.Absolute, out Uri? uri)
            && uri is { UserInfo: "", PathAndQuery: "/", Fragment: "" }
            ? given
            : throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"The header 'Host' can't be sent: '{given}' is no name or address, with or without a port.", "Host");
    }

    private static byte[] Write(LoadPlan plan, string host)
    {
        StringBuilder text = new();
        text.Append("GET ").Append(plan.Uri.PathAndQuery).Append(" HTTP/1.1\r\n");
        Append(text, "Host", host);
        foreach ((string name, string value) in plan.Headers)
        {
            if (!name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            {
                Append(text, name, value);
            }
        }

        if (plan.NewConnection && !plan.Headers.Keys.Contains("Connection", StringComparer.OrdinalIgnoreCase))
        {
            Append(text, "Connection", "close");
        }

        return Encoding.UTF8.GetBytes(text.Append("\r\n").ToString());
    }

    private static void Append(StringBuilder text, string name, string value)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c))
            || value.Any(c => c is '\r' or '\n' or '\0'))
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"The header '{name}' can't be sent: a name is letters, digits and dashes, a value has no line breaks.",
                name);
        }

        if (Framing.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"The header '{name}' can't be sent: it announces a body, and the requests have none.", name);
        }

        text.Append(name).Append(": ").Append(value).Append("\r\n");
    }
}
