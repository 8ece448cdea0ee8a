using System.Globalization;

namespace HybridMesh.Core;

/// <summary>A port of a VM-hosted app, typed as <c>http:8001</c>.</summary>
/// <param name="Name">The port's name, which is the protocol's: http, http2, grpc, tcp, ...</param>
/// <param name="Number">The number, 1 to 65535.</param>
public sealed record MeshPort(string Name, int Number)
{
    private static readonly string[] Protocols =
        ["http", "http2", "https", "grpc", "grpc-web", "tcp", "tls", "udp", "mongo", "mysql", "redis"];

    /// <summary>The name objects carry: <c>http-8001</c>.</summary>
    public string ObjectName => $"{Name}-{Number.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Istio's protocol: <c>HTTP</c>.</summary>
    public string Protocol => Name.ToUpperInvariant();

    /// <summary>Reads <c>name:number</c>.</summary>
    /// <exception cref="MeshException">PortInvalid, when it is of another form.</exception>
    public static MeshPort Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(':');
        if (parts.Length != 2
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            || number is < 1 or > 65535)
        {
            throw new MeshException(
                MeshErrorCode.PortInvalid,
                $"Port '{text}' is not of the form name:number with a number from 1 to 65535, such as http:8001.",
                text);
        }

        string name = parts[0].ToLowerInvariant();
        return Protocols.Contains(name)
            ? new MeshPort(name, number)
            : throw new MeshException(
                MeshErrorCode.PortInvalid,
                $"Port '{text}' names no protocol Istio knows; without one, weights are silently ignored. "
                + $"Use one of {string.Join(", ", Protocols)}.",
                text);
    }

    /// <summary>As typed: <c>http:8001</c>.</summary>
    public override string ToString() => $"{Name}:{Number.ToString(CultureInfo.InvariantCulture)}";
}
