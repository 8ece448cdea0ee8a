using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>The namespaces every server starts with, and what controllers put into each namespace.</summary>
internal static class StandardNamespaces
{
    private static readonly string[] Names = ["default", "kube-system", "istio-system"];

    /// <summary>Namespaces that can't be deleted.</summary>
    public static bool IsProtected(string name) => name is "default" or "kube-system";

    public static void Create(ObjectStore store, IReadOnlyList<ResourceType> types, TimeProvider clock)
    {
        foreach (string name in Names)
        {
            store.Update("Namespace", null, name, stored => stored ?? new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Namespace",
                ["metadata"] = new JsonObject
                {
                    ["name"] = name,
                    ["creationTimestamp"] = FieldOwner.Timestamp(clock),
                    ["labels"] = new JsonObject { ["kubernetes.io/metadata.name"] = name },
                },
                ["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") },
                ["status"] = new JsonObject { ["phase"] = "Active" },
            });
            Furnish(store, types, name);
        }
    }

    /// <summary>The ServiceAccount that pods without one use.</summary>
    public static void Furnish(ObjectStore store, IReadOnlyList<ResourceType> types, string ns)
    {
        if (types.Contains(ResourceTypes.ServiceAccount))
        {
            store.Update("ServiceAccount", ns, "default", stored =>
                stored is not null || store.Find("Namespace", null, ns) is null ? stored : new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "ServiceAccount",
                    ["metadata"] = new JsonObject { ["name"] = "default", ["namespace"] = ns },
                });
        }
    }

    /// <summary>What the namespace controller does to a namespace that is deleted.</summary>
    public static void Empty(ObjectStore store, IReadOnlyList<ResourceType> types, string ns)
    {
        // Owners first, so that no controller makes anew what is deleted after.
        foreach (ResourceType type in types.Where(type => type.Namespaced).Reverse())
        {
            foreach (JsonObject item in store.List(type.Kind, ns))
            {
                store.Delete(type.Kind, ns, (string)item["metadata"]!["name"]!);
            }
        }
    }
}
