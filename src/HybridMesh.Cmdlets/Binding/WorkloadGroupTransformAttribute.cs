using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>Takes a WorkloadGroup, or the name of a live one, which then has no namespace.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WorkloadGroupTransformAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            string { Length: > 0 } name => new WorkloadGroup { Namespace = "", Name = name },
            ScriptBlock => throw new ArgumentTransformationMetadataException(
                "This parameter takes a WorkloadGroup or its name, not a script block."),
            _ => inputData,
        };
}
