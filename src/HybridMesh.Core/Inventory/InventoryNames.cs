namespace HybridMesh.Core;

/// <summary>The property names a list of VMs may use.</summary>
internal static class InventoryNames
{
    /// <summary>Refuses unknown names: a misspelt column would silently leave every VM without that property.</summary>
    public static void Check(int line, IEnumerable<string> names)
    {
        IReadOnlyList<string> known = MeshVmReader.PropertyNames;
        // VmName is the alias of Name that an exported list carries beside it.
        string? unknown = names.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)
            && !name.Equals("VmName", StringComparison.OrdinalIgnoreCase));
        if (unknown is not null)
        {
            throw new InventoryFormatException(
                line,
                $"there is no property '{unknown}'; did you mean {NearestName.Of(unknown, known)}? "
                + $"Known are {string.Join(", ", known)}.");
        }
    }
}
