namespace GpuNets;

/// <summary>By what a <see cref="GaussianFilter"/> divides its sums. n[i] is the sum of the kernel over all positions, the filter of ones.</summary>
public enum FilterNormalization
{
    /// <summary>y[i] = sum over j of k(i, j) x[j], as the equations of Kraehenbuehl and Koltun (2011) have it.</summary>
    None,

    /// <summary>y[i] = sum over j of k(i, j) x[j] / n[j]: keeps the sum of the values.</summary>
    Before,

    /// <summary>y[i] = sum over j of k(i, j) x[j] / n[i]: a mean of the values.</summary>
    After,

    /// <summary>
    /// y[i] = sum over j of k(i, j) x[j] / sqrt(n[i] n[j]): the default of the authors' later code, and the only one besides None that keeps the kernel
    /// symmetric.
    /// </summary>
    Symmetric,
}
