using HybridMesh.Core;

namespace HybridMesh.Internal;

public static partial class Format
{
    private const int ShownAddresses = 4;

    /// <summary>The entries' addresses, the first few and their number.</summary>
    public static string Addresses(IReadOnlyList<WorkloadEntry>? entries) => entries switch
    {
        null => "",
        { Count: > ShownAddresses } =>
            $"{string.Join(',', entries.Take(ShownAddresses).Select(entry => entry.Address))},... ({entries.Count})",
        _ => string.Join(',', entries.Select(entry => entry.Address)),
    };

    /// <summary>What was done, counted: <c>3 Created, 1 Unchanged</c>.</summary>
    public static string Changes(IReadOnlyList<VmAppObject>? objects) => objects is null ? "" : string.Join(", ",
        objects.GroupBy(item => item.Action).OrderByDescending(group => group.Key != ChangeAction.Unchanged)
            .Select(group => $"{group.Count()} {group.Key}"));
}
