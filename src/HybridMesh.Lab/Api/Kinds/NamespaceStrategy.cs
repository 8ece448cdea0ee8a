using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Namespaces carry their own name as a label, so that selectors can name them.</summary>
internal static class NamespaceStrategy
{
    private const string NameLabel = "kubernetes.io/metadata.name";

    public static void Default(JsonObject item)
    {
        JsonObject metadata = ObjectIdentity.Metadata(item);
        if ((string?)metadata["name"] is not { Length: > 0 } name)
        {
            return;
        }

        if (metadata["labels"] is not JsonObject labels)
        {
            labels = [];
            metadata["labels"] = labels;
        }

        labels[NameLabel] = name;
    }

    public static void PrepareCreate(JsonObject item)
    {
        item["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") };
        item["status"] = new JsonObject { ["phase"] = "Active" };
    }
}
