using System.Collections;
using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// Makes MeshVm objects of whatever describes a VM: its own type, hashtables, rows, other cmdlets' output.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MeshVmTransformAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether a plain text is the address of a VM; only for cmdlets that never log in.</summary>
    public bool AcceptsAddress { get; set; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        try
        {
            return Unwrap(inputData) switch
            {
                MeshVm vm => new[] { vm },
                MeshVm[] vms => vms,
                null or string or IDictionary => new[] { FromObject(inputData) },
                IEnumerable list => list.Cast<object?>().Select(FromObject).ToArray(),
                _ => new[] { FromObject(inputData) },
            };
        }
        catch (MeshException e)
        {
            throw new ArgumentTransformationMetadataException(e.Message, e);
        }
    }

    private MeshVm FromObject(object? item)
    {
        object? value = Unwrap(item);
        return value switch
        {
            MeshVm vm => vm,
            null => throw new ArgumentTransformationMetadataException("A VM is null."),
            string address when AcceptsAddress => new MeshVm { Name = address, Address = address },
            // A name alone says neither where the VM is nor how to log in.
            string text => throw new ArgumentTransformationMetadataException(
                $"'{text}' is a text, not a VM. Pass objects of Import-MeshVm, rows with the columns Name and Address, "
                + "or a hashtable such as @{ Name = 'vm1'; Address = '10.0.0.5' }."),
            IDictionary table => MeshVmReader.Read(name => Unwrap(Entry(table, name)), "The hashtable"),
            _ => MeshVmReader.Read(
                name => Unwrap(PSObject.AsPSObject(item).Properties[name]?.Value), $"The {TypeName(value)}"),
        };
    }

    private static object? Entry(IDictionary table, string name) => table.Keys.Cast<object>()
        .Where(key => name.Equals(key as string, StringComparison.OrdinalIgnoreCase))
        .Select(key => table[key]).FirstOrDefault();

    private static string TypeName(object value) =>
        value is PSCustomObject ? "object" : $"object of type {value.GetType().Name}";

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
