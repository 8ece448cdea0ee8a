using System.Management.Automation;
using System.Reflection;

namespace HybridMesh.Testing;

/// <summary>
/// Passes the first objects on and then stops the commands before it, as <c>Select-Object -First</c> does, which the
/// bare engine lacks.
/// </summary>
[Cmdlet(VerbsCommon.Select, "FirstN")]
public sealed class SelectFirstNCommand : PSCmdlet
{
    private int _seen;

    /// <summary>The object to pass on.</summary>
    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <summary>How many objects to pass on.</summary>
    [Parameter(Position = 0)]
    public int Count { get; set; } = 1;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WriteObject(InputObject);
        if (++_seen < Count)
        {
            return;
        }

        // The exception that ends only the upstream part of a pipeline is internal to the engine.
        Type type = typeof(PSCmdlet).Assembly.GetType(
            "System.Management.Automation.StopUpstreamCommandsException", throwOnError: true)!;
        throw (Exception)Activator.CreateInstance(
            type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, binder: null, [this], culture: null)!;
    }
}
