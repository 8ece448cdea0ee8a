$bin = [IO.Path]::Combine($PSScriptRoot, 'bin')
$loader = [IO.Path]::Combine($bin, 'HybridMesh.Loader.dll')
if (-not [IO.File]::Exists($loader)) {
    throw "HybridMesh has not been built: '$loader' is missing. Run ./build.sh build (or build.ps1 -Task Build)."
}

# The loader and HybridMesh.Core live in the default load context, so that [HybridMesh.Core.MeshVm] resolves in
# scripts; the cmdlets and every package live in a private one, so that no other module's versions meet ours.
$null = [Runtime.Loader.AssemblyLoadContext]::Default.LoadFromAssemblyPath($loader)
$module = Import-Module -Assembly ([HybridMesh.Loader.ModuleLoadContext]::Initialize($bin)) -PassThru

# A second import in the same process exports nothing by itself (PowerShell/PowerShell#20710).
$add = [Management.Automation.PSModuleInfo].GetMethod('AddExportedCmdlet', [Reflection.BindingFlags]'Instance, NonPublic')
foreach ($cmdlet in $module.ExportedCmdlets.Values) {
    $null = $add.Invoke($ExecutionContext.SessionState.Module, @(, $cmdlet))
}
