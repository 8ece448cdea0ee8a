@{
    RootModule           = 'module/HybridMesh.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '6c1f6a0e-6e0b-4b52-9f0d-0f4f6f1b7a5e'
    Author               = 'The HybridMesh contributors'
    CompanyName          = 'HybridMesh'
    Copyright            = '(c) The HybridMesh contributors. MIT license.'
    Description          = 'Operates service meshes that span Kubernetes pods and virtual machines (Istio, Alibaba Cloud Service Mesh).'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('module/HybridMesh.Format.ps1xml', 'module/HybridMesh.Sidecars.Format.ps1xml', 'module/HybridMesh.Traffic.Format.ps1xml')
    TypesToProcess       = @('module/HybridMesh.Types.ps1xml')
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    CmdletsToExport      = @(
        'Add-VmHostRecord'
        'Connect-Mesh'
        'Disconnect-Mesh'
        'Export-MeshReport'
        'Get-MeshConnection'
        'Get-MeshDrift'
        'Get-MeshLab'
        'Get-MeshPod'
        'Get-MeshService'
        'Get-MeshVmApp'
        'Get-TrafficShift'
        'Get-VmApp'
        'Get-VmHostRecord'
        'Get-VmSidecar'
        'Get-WorkloadEntry'
        'Import-MeshVm'
        'Install-VmSidecar'
        'Invoke-TrafficShift'
        'Measure-TrafficShift'
        'New-MeshVmApp'
        'New-VmSidecarConfig'
        'New-WorkloadGroup'
        'Publish-MeshManifest'
        'Remove-MeshManifest'
        'Remove-MeshVm'
        'Remove-MeshVmApp'
        'Remove-VmHostRecord'
        'Resume-TrafficShift'
        'Set-TrafficShift'
        'Set-WorkloadEntryVersion'
        'Start-MeshLab'
        'Start-VmApp'
        'Stop-MeshLab'
        'Stop-VmApp'
        'Test-MeshPath'
        'Undo-TrafficShift'
        'Update-VmSidecarToken'
    )
    PrivateData          = @{
        PSData = @{
            Tags         = @('ServiceMesh', 'Istio', 'ASM', 'Kubernetes', 'VirtualMachine', 'SSH', 'TrafficShifting')
            ReleaseNotes = 'See CHANGELOG.md'
        }
    }
}
