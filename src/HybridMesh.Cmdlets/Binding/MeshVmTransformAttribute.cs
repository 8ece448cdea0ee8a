using System.Collections;
using System.Globalization;
using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>Makes MeshVm objects of whatever describes a VM: its own type, hashtables, rows, other cmdlets' output.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MeshVmTransformAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value switch
        {
            MeshVm vm => new[] { vm },
            MeshVm[] vms => vms,
            IDictionary or string => new[] { FromObject(inputData) },
            IEnumerable list => list.Cast<object>().Select(FromObject).ToArray(),
            _ => new[] { FromObject(inputData) },
        };
    }

    private static MeshVm FromObject(object item)
    {
        object value = item is PSObject wrapped ? wrapped.BaseObject : item;
        if (value is MeshVm vm)
        {
            return vm;
        }

        Func<string, object?> read = value is IDictionary table
            ? name => table.Keys.Cast<object>()
                .Where(key => name.Equals(key as string, StringComparison.OrdinalIgnoreCase))
                .Select(key => table[key]).FirstOrDefault()
            : name => PSObject.AsPSObject(item).Properties[name]?.Value;
        return MeshVmReader.Read(name => Unwrap(read(name)), Describe(value));
    }

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static string Describe(object value) =>
        value is string text ? $"'{text}'" : value.GetType().Name.ToString(CultureInfo.InvariantCulture);

    private static class MeshVmReader
    {
        public static MeshVm Read(Func<string, object?> read, string described)
        {
            string? Text(string name) => read(name)?.ToString() is { Length: > 0 } text ? text : null;
            int? Number(string name) => Text(name) is { } text
                ? int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number)
                    ? number
                    : throw new ArgumentTransformationMetadataException($"{name} '{text}' of a VM is not a number.")
                : null;
            string? address = Text("Address") ?? Text("SshHost");
            if (address is null)
            {
                throw new ArgumentTransformationMetadataException(
                    $"{described} is no VM: it has neither Address nor SshHost. Pass objects of Import-MeshVm, rows with "
                    + "these columns, or a hashtable such as @{ Name = 'vm1'; Address = '10.0.0.5' }.");
            }

            return new MeshVm
            {
                Name = Text("VmName") ?? Text("Name") ?? address,
                Address = address,
                SshHost = Text("SshHost")!,
                SshPort = Number("SshPort") ?? 22,
                User = Text("User"),
                KeyFile = Text("KeyFile"),
                KnownHostsFile = Text("KnownHostsFile"),
                Version = Text("Version"),
                Labels = Labels(read("Labels")),
                ServiceAccount = Text("ServiceAccount"),
                Network = Text("Network"),
                Locality = Text("Locality"),
                Weight = Number("Weight"),
            };
        }

        private static Dictionary<string, string> Labels(object? value) => value switch
        {
            IReadOnlyDictionary<string, string> labels => new(labels),
            IDictionary table => table.Keys.Cast<object>()
                .ToDictionary(key => key.ToString() ?? "", key => table[key]?.ToString() ?? ""),
            string text => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(pair => pair.Split('=', 2))
                .ToDictionary(pair => pair[0], pair => pair.Length > 1 ? pair[1] : ""),
            _ => [],
        };
    }
}
