using System.Management.Automation;

namespace HybridMesh.Cmdlets;

/// <summary>
/// Refuses a script block where a plain value is meant. Without it PowerShell would take the block's source text as
/// the value, because only parameters that bind from the pipeline evaluate blocks per object.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PlainTextAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        bool isBlock = value is ScriptBlock
            || (value is object?[] items
                && items.Any(item => (item is PSObject p ? p.BaseObject : item) is ScriptBlock));
        return isBlock
            ? throw new ArgumentTransformationMetadataException(
                "This parameter takes a plain value, not a script block: it is the same for every object of the "
                    + "pipeline.")
            : inputData;
    }
}
