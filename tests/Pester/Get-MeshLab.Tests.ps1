BeforeAll { . $PSScriptRoot/common.ps1 }

Describe 'Get-MeshLab' {
    It 'says how to start one where none is running' {
        { Get-MeshLab -Path (Join-Path $TestDrive 'none') } | Should -Throw -ErrorId 'LabNotRunning,*' -ExpectedMessage '*Start-MeshLab*'
    }
    It 'finds a lab that another process started' {
        $path = Join-Path $TestDrive 'lab'
        $started = Start-MeshLab -VmCount 0 -Path $path -Detached
        try {
            $manifest = (Get-Module HybridMesh).Path -replace 'module.HybridMesh\.psm1$', 'HybridMesh.psd1'
            $found = pwsh -NoProfile -Command "Import-Module '$manifest'; (Get-MeshLab -Path '$path').ProcessId"
            $found | Should -Be $started.ProcessId
        }
        finally { Stop-MeshLab -Path $path }
    }
}
