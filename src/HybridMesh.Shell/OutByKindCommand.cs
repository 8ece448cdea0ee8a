using System.Management.Automation;

namespace HybridMesh.Shell;

/// <summary>
/// Ends every pipeline of the Shell: Out-Default, begun anew whenever another kind of object comes. Out-Default alone
/// lets the first object of a script decide, and shows every later kind as a list, its table view or not.
/// </summary>
[Cmdlet(VerbsData.Out, "ByKind")]
internal sealed class OutByKindCommand : PSCmdlet, IDisposable
{
    public const string Name = "Out-ByKind";

    private SteppablePipeline? _current;
    private string? _kind;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    public void Dispose() => _current?.Dispose();

    protected override void ProcessRecord()
    {
        string kind = Kind(InputObject);
        if (_current is null || kind != _kind)
        {
            Finish();
            _kind = kind;
            _current = ScriptBlock.Create(@"Microsoft.PowerShell.Core\Out-Default")
                .GetSteppablePipeline(CommandOrigin.Internal);
            _current.Begin(expectInput: true);
        }

        _current.Process(InputObject);
    }

    protected override void EndProcessing() => Finish();

    // Text and numbers are lines of one kind, as they are to Out-Default.
    private static string Kind(PSObject? item) =>
        item is null || item.BaseObject is string || item.BaseObject.GetType().IsPrimitive ? "" : item.TypeNames[0];

    private void Finish()
    {
        _current?.End();
        _current?.Dispose();
        _current = null;
    }
}
