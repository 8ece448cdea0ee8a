using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>The cluster's DNS, as lines of a pod's hosts file: every Service that has a ClusterIP.</summary>
internal sealed class ClusterNames(IReadOnlyList<JsonObject> services)
{
    public static ClusterNames None { get; } = new([]);

    private readonly (string Namespace, string Name, string Address)[] _entries =
        [.. services.Select(Entry).Where(entry => IPAddress.TryParse(entry.Address, out _))];

    /// <summary>The lines for a pod of a namespace, whose own Services have a short name too.</summary>
    public string For(string ns)
    {
        StringBuilder text = new();
        foreach ((string itsNamespace, string name, string address) in _entries)
        {
            string qualified = $"{name}.{itsNamespace}";
            text.Append(address).Append('\t').Append(qualified).Append(".svc.cluster.local ").Append(qualified)
                .Append(".svc ").Append(qualified);
            text.Append(itsNamespace == ns ? " " + name : "").Append('\n');
        }

        return text.ToString();
    }

    public bool SameAs(ClusterNames other) => _entries.SequenceEqual(other._entries);

    private static (string Namespace, string Name, string Address) Entry(JsonObject service) =>
        (service.Namespace(), service.Name(), service.Text("spec", "clusterIP") ?? "");
}
