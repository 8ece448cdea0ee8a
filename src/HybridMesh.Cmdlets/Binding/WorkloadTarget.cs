using System.Collections;
using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// Reads which WorkloadEntry an object of the pipeline means: an entry by its name, anything else by address.
/// </summary>
internal static class WorkloadTarget
{
    private const string TypeName = "HybridMesh.Core.WorkloadEntry";

    /// <summary>Reads an object.</summary>
    /// <param name="item">An entry, a VM, a row, a hashtable, or an address as text.</param>
    /// <param name="version">The version bound to it; null for the object's own.</param>
    /// <param name="ns">The namespace of objects that name none.</param>
    /// <exception cref="MeshException">InventoryInvalid, when it is none of these.</exception>
    public static WorkloadVersionRequest Read(PSObject item, string? version, string ns)
    {
        object value = item.BaseObject;
        if (value is string address)
        {
            return new() { Source = address, Namespace = ns, Address = address, Version = version };
        }

        Func<string, object?> read = value is IDictionary table
            ? name => Unwrap(table.Keys.Cast<object>()
                .Where(key => name.Equals(key as string, StringComparison.OrdinalIgnoreCase))
                .Select(key => table[key]).FirstOrDefault())
            : name => Unwrap(item.Properties[name]?.Value);
        object source = value is PSCustomObject ? item : value;
        // Select-Object and remoting put a word before the type's name.
        if (item.TypeNames.Any(name => name == TypeName || name.EndsWith($".{TypeName}", StringComparison.Ordinal)))
        {
            return new()
            {
                Source = source,
                Namespace = read("Namespace")?.ToString() ?? ns,
                Name = read("Name")?.ToString(),
                Address = read("Address")?.ToString(),
                Version = version ?? read("Version")?.ToString(),
            };
        }

        MeshVm vm = MeshVmReader.Read(
            read, value is PSCustomObject or IDictionary ? "The object" : $"The {value.GetType().Name}");
        return new()
        {
            Source = source,
            Namespace = value is IDictionary && read("Namespace") is { } own ? own.ToString()! : ns,
            Address = vm.Address,
            Network = vm.Network,
            Version = version ?? vm.Version,
        };
    }

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
