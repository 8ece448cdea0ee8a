using System.Globalization;
using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>
/// <c>Import-MeshVm</c>: reads a list of VMs and checks every row, before anything is done by it.
/// </summary>
[Cmdlet(VerbsData.Import, "MeshVm")]
[OutputType(typeof(MeshVm))]
public sealed class ImportMeshVmCommand : MeshCmdlet
{
    /// <summary>The file: .csv, .json, .yaml or .yml.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        VmListContent content;
        try
        {
            content = new VmList(Runtime.YamlInventory).ReadFile(ResolveFile(Path));
        }
        catch (MeshException e)
        {
            WriteError(ErrorRecords.From(e, Path));
            return;
        }

        foreach (MeshException error in content.Errors)
        {
            WriteError(ErrorRecords.From(error, Path));
        }

        if (content.Errors.Count > 0)
        {
            Fail(Nothing(content), Path);
        }

        WriteObject(content.Vms, enumerateCollection: true);
    }

    private static MeshException Nothing(VmListContent content) => new(
        MeshErrorCode.InventoryInvalid,
        string.Create(
            CultureInfo.InvariantCulture,
            $"Nothing of '{content.Path}' was imported: {content.Errors.Count} of its {content.RowCount} VMs are "
                + $"wrong."));
}
