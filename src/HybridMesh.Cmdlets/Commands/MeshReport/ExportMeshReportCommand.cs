using System.Collections;
using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// <c>Export-MeshReport</c>: results as one page of HTML with pictures, for people who don't look at terminals.
/// </summary>
[Cmdlet(VerbsData.Export, "MeshReport", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportMeshReportCommand : AsyncMeshCmdlet
{
    private readonly MeshReport _report = new();

    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [FullPath]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The results, from the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>The page's title. The default is Service mesh report.</summary>
    [Parameter]
    [PlainText]
    [ValidateNotNullOrEmpty]
    public string Title { get; set; } = MeshReportRequest.UsualTitle;

    /// <summary>Refuses to overwrite a file.</summary>
    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Overwrites a file that is write-protected too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private MeshReportRequest Request => new() { Path = Path, Title = Title, NoClobber = NoClobber, Force = Force };

    /// <inheritdoc/>
    protected override Task BeginAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        MeshReportWriter.Check(Request);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task ProcessRecordAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        object piped = InputObject!.BaseObject;
        foreach (object? item in piped is object?[] or IList ? (IEnumerable)piped : new[] { piped })
        {
            object result = item is PSObject wrapped ? wrapped.BaseObject : item ?? "null";
            try
            {
                _report.Add(result);
            }
            catch (MeshException e)
            {
                await writer.WriteErrorAsync(e, result);
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        if (await writer.ShouldProcessAsync(Path, "Write the report"))
        {
            await new MeshReportWriter(Runtime.Clock).WriteAsync(_report, Request, cancellationToken);
            await writer.WriteFileAsync(Path);
        }
    }
}
