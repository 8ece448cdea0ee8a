using System.Globalization;
using HybridMesh.Core;

namespace HybridMesh.Internal;

/// <summary>The columns of connections, pods and Services.</summary>
public static partial class Format
{
    /// <summary>Things one after the other: <c>a, b</c>.</summary>
    public static string List(IEnumerable<object>? items) => string.Join(", ", items ?? []);

    /// <summary>The control plane, or that it is the data plane's cluster.</summary>
    public static string ControlPlane(MeshConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return connection.SingleCluster ? "(the same)" : connection.ControlPlane.ToString();
    }

    /// <summary>The ingress address and its ports: <c>10.0.0.9:80,8004</c>.</summary>
    public static string Ingress(MeshConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        string ports =
            string.Join(',', connection.IngressPorts.Select(port => port.ToString(CultureInfo.InvariantCulture)));
        return connection.IngressAddress is null ? "(none)"
            : ports.Length == 0 ? connection.IngressAddress : $"{connection.IngressAddress}:{ports}";
    }
}
