BeforeAll { . $PSScriptRoot/common.ps1 }

Describe 'Stop-MeshLab' {
    BeforeEach {
        $path = Join-Path $TestDrive ([guid]::NewGuid())
        $lab = Start-MeshLab -VmCount 1 -Path $path
    }
    AfterEach { Stop-MeshLab -Path $path }

    It 'ends the lab of the pipeline with its process' {
        $lab | Stop-MeshLab
        Get-Process -Id $lab.ProcessId -ErrorAction Ignore | Should -BeNullOrEmpty
    }
    It 'changes nothing with -WhatIf' {
        Stop-MeshLab -Path $path -WhatIf
        (Get-MeshLab -Path $path).ProcessId | Should -Be $lab.ProcessId
    }
    It 'does nothing where no lab is running' {
        Stop-MeshLab -Path (Join-Path $TestDrive 'none') | Should -BeNullOrEmpty
    }
    It 'is not needed at the end of the session that started the lab' {
        $other = Join-Path $TestDrive 'other'
        $manifest = (Get-Module HybridMesh).Path -replace 'module.HybridMesh\.psm1$', 'HybridMesh.psd1'
        $id = pwsh -NoProfile -Command "Import-Module '$manifest'; (Start-MeshLab -VmCount 0 -Path '$other').ProcessId"
        $deadline = [datetime]::UtcNow.AddSeconds(20)
        while ((Get-Process -Id $id -ErrorAction Ignore) -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 50 }
        Get-Process -Id $id -ErrorAction Ignore | Should -BeNullOrEmpty
    }
}
