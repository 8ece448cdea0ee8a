BeforeAll { . $PSScriptRoot/common.ps1 }

Describe 'Start-MeshLab' {
    BeforeAll {
        $path = Join-Path $TestDrive 'lab'
        $lab = Start-MeshLab -VmCount 1 -Path $path
    }
    AfterAll { Stop-MeshLab -Path $path }

    It 'gives the lab with its files' {
        $lab.Path | Should -Be $path
        $lab.Kubeconfig, $lab.MeshKubeconfig, $lab.VmPath | ForEach-Object { $_ | Should -Exist }
        Import-Csv $lab.VmPath | Should -HaveCount 1
    }
    It 'gives the running lab when started again' {
        (Start-MeshLab -Path $path).ProcessId | Should -Be $lab.ProcessId
    }
    It 'refuses another number of VMs' {
        { Start-MeshLab -VmCount 2 -Path $path } | Should -Throw -ErrorId 'LabMismatch,*'
    }
    It 'keeps its credentials out of tables' {
        $lab | Out-String | Should -Not -Match $lab.AccessKeySecret
        $lab | Format-List | Out-String | Should -Not -Match $lab.AccessKeySecret
    }
}
