using System.Text.Json.Nodes;

namespace HybridMesh.Lab;

/// <summary>Which objects a list or watch shows: namespace, label selector, field selector.</summary>
internal sealed class ObjectFilter(string? ns, LabelSelector labels, FieldSelector fields)
{
    public static ObjectFilter Parse(ApiCall call, ResourceType type) => new(
        type.Namespaced ? call.Namespace : null,
        LabelSelector.Parse(call.Text("labelSelector") ?? ""),
        FieldSelector.Parse(call.Text("fieldSelector") ?? "", type));

    public bool Matches(JsonObject item) =>
        (ns is null || ObjectView.Namespace(item) == ns) && labels.Matches(item) && fields.Matches(item);
}
