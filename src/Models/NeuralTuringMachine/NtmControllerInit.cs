namespace GpuNets.Models;

/// <summary>The controller's state before the first step.</summary>
public enum NtmControllerInit
{
    /// <summary>0.</summary>
    Zeros,

    /// <summary>A parameter, at first normal with deviation 0.05.</summary>
    Learned,
}
