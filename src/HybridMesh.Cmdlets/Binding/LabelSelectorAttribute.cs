using System.Collections;
using System.Management.Automation;

namespace HybridMesh.Cmdlets;

/// <summary>Makes a label selector of text or of a hashtable of labels; refuses script blocks.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LabelSelectorAttribute : ArgumentTransformationAttribute
{
    private static readonly PlainTextAttribute PlainText = new();

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = PlainText.Transform(engineIntrinsics, inputData) is PSObject wrapped
            ? wrapped.BaseObject : inputData;
        return value switch
        {
            IDictionary labels => string.Join(',', StringMap.From(labels).Select(pair => $"{pair.Key}={pair.Value}")),
            object[] terms => string.Join(',', terms),
            _ => inputData,
        };
    }
}
